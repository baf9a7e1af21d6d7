"""The screening page: one report at a time in the browser, each decision an event in the reviewer's own file."""
