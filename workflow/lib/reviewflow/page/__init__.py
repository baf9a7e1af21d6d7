"""Pages: what one says as data, how it is drawn and written. The stages that show something share it."""
