# Pools every data set of metadat that has effects with R metafor: the numbers that the engine must give.
#   apt-get install --no-install-recommends r-base-core r-cran-metafor r-cran-metadat
#   Rscript tests/reference/pooling/make_reference.R part OUT.json 1 6     the first of six parts of the grid
#   Rscript tests/reference/pooling/make_reference.R ours                  writes ours.json.gz, which is committed
# datasets.csv says what of each data set is pooled; metadat (GPL >= 2) is read where the tests run and never copied.

suppressPackageStartupMessages({
  library(metafor)
  library(metadat)
})

arguments <- commandArgs(trailingOnly = TRUE)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "fits.R"))
source(file.path(here, "effects.R"))
source(file.path(here, "ours.R"))

# The diagnostics refit an analysis for each of its studies: one measure of a data set, and not of the longest.
SERIES_MAX <- 20
SERIES_OF <- c("OR", "MD", "GIV", "ZCOR", "PLO", "IRR", "SMCC")

# Everything about one measure of one analysis. x: the columns of escalc and of moderators.
block <- function(measure, x, moderators) {
  found <- effects(measure, x)
  y <- found$y; v <- found$v
  used <- is.finite(y) & is.finite(v) & v > 0
  out <- list(measure = measure, columns = x, yi = y, vi = v, used = which(used), k = sum(used))
  if (sum(used) < 2) return(out)
  y <- y[used]; v <- v[used]; k <- length(y)
  # Peto's odds ratio is seldom pooled with random effects.
  methods <- if (k > 1000) "DL" else if (!ALL && (k > MANY || measure == "PETO")) LARGE else METHODS
  out$pooled <- pooled(y, v, methods)
  out$tau2_95 <- if (k > 1000) NULL else q_profile(y, v, 95)
  if (ALL) out$tau2_90 <- q_profile(y, v, 90)
  if (!is.null(x$ai)) out$tables <- pooled_tables(measure, x)
  if (k <= MANY) {
    if (ALL || measure %in% SERIES_OF) out$small <- small_studies(y, v)
    if (measure == "OR") {
      z <- cells(x)
      out$small <- c(out$small, if (k > 2) table_tests(y, lapply(z, function(cell) cell[used])))
    }
    if (measure %in% SERIES_OF && k <= SERIES_MAX && k > 2) out$series <- series(y, v)
    if (measure %in% SERIES_OF) out$regression <- regressions(y, v, lapply(x[moderators], function(m) m[used]))
  }
  out
}

# The first moderator alone, and the first two together where there are two.
regressions <- function(y, v, x) {
  if (!length(x)) return(NULL)
  asked <- c(list(names(x)[1]), if (length(x) > 1) list(names(x)[1:2]))
  out <- list()
  for (which in asked) {
    m <- do.call(cbind, lapply(x[which], as.numeric))
    known <- complete.cases(m)
    m <- m[known, , drop = FALSE]
    if (nrow(m) < ncol(m) + 3 || qr(cbind(1, m))$rank <= ncol(m)) next
    out[[paste(which, collapse = "+")]] <- regressed(y[known], v[known], m)
  }
  out
}

# The analyses of datasets.csv: lists of name, measures, columns, moderators.
analyses <- function() {
  table <- read.csv(file.path(here, "datasets.csv"), colClasses = "character")
  out <- list()
  for (i in which(table$kind != "")) {
    row <- table[i, ]
    path <- strsplit(row$data, "$", fixed = TRUE)[[1]]
    data <- get(path[1])
    if (length(path) > 1) data <- data[[path[2]]]
    columns <- read_columns(row$columns, data)
    moderators <- intersect(strsplit(row$moderators, ";")[[1]], names(data))
    columns[moderators] <- lapply(moderators, function(m) suppressWarnings(as.numeric(data[[m]])))
    groups <- if (row$by == "") rep("", nrow(data)) else as.character(eval(parse(text = row$by), as.list(data)))
    groups[is.na(groups)] <- "NA"
    for (group in unique(groups)) {
      at <- groups == group
      if (sum(at) < 2) next
      nth <- sum(table$data[seq_len(i)] == row$data)
      name <- trimws(paste0(row$data, if (sum(table$data == row$data) > 1) paste0("#", nth), if (group != "") paste0("[", group, "]")))
      out[[name]] <- list(measures = MEASURES[[row$kind]], moderators = moderators,
                          columns = lapply(columns, function(x) x[at]))
    }
  }
  out
}

listed <- function() {
  items <- as.character(data(package = "metadat")$results[, "Item"])
  unlist(lapply(items, function(item) {
    found <- get(item)
    if (is.data.frame(found)) item else paste(item, names(found), sep = "$")
  }))
}

blocks_of <- function(all) {
  out <- list()
  for (name in names(all)) for (measure in all[[name]]$measures) {
    made <- block(measure, all[[name]]$columns, all[[name]]$moderators)
    out[[paste(name, measure)]] <- made
  }
  out
}

# All 17 digits of a number, which jsonlite would round to 15; null for what is no finite number; a vector of one entry
# is a number.
json <- function(x) {
  if (is.null(x)) return("null")
  inner <- if (is.list(x)) vapply(x, json, "") else if (is.character(x)) encodeString(x, quote = '"', na.encode = FALSE)
           else ifelse(is.finite(x), sprintf("%.17g", as.numeric(x)), "null")
  if (is.list(x) && !is.null(names(x)))
    return(paste0("{", paste0(encodeString(names(x), quote = '"'), ":", inner, collapse = ","), "}"))
  if (!is.list(x) && length(x) == 1) inner else paste0("[", paste0(inner, collapse = ","), "]")
}

write_out <- function(blocks, path) {
  versions <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
                   metadat = as.character(packageVersion("metadat")))
  whole <- list(versions = versions, columns = FIT, data_sets = listed(), blocks = blocks)
  out <- if (endsWith(path, ".gz")) gzfile(path, "w") else file(path, "w")
  writeLines(json(whole), out)
  close(out)
}

if (arguments[1] == "ours") {
  everything()
  write_out(blocks_of(ours()), file.path(here, "ours.json.gz"))
} else {
  part <- as.integer(arguments[3]); parts <- as.integer(arguments[4])
  all <- analyses()
  write_out(blocks_of(all[seq_along(all) %% parts == part - 1]), arguments[2])
}
