# Effects of single studies by metafor's escalc, and what metafor pools from 2x2 tables; sourced by make_reference.R.

MEASURES <- list(
  counts = c("OR", "RR", "RD", "PETO"), means = c("MD", "SMD", "ROM"), effects = "GIV", correlations = "ZCOR",
  proportions = c("PLO", "PAS"), rates = "IRR", prepost = c("MC", "SMCC", "SMCR")
)

# "ai=tpos;n1i=tpos+tneg" to columns, or "escalc:MEASURE:arguments" to yi and vi.
read_columns <- function(text, data) {
  if (startsWith(text, "escalc:")) {
    parts <- strsplit(text, ":", fixed = TRUE)[[1]]
    call <- parse(text = sprintf("escalc('%s', %s)", parts[2], parts[3]))
    found <- eval(call, as.list(data))
    return(list(yi = as.numeric(found$yi), vi = as.numeric(found$vi)))
  }
  out <- list()
  for (pair in strsplit(text, ";", fixed = TRUE)[[1]]) {
    at <- regexpr("=", pair)
    out[[substr(pair, 1, at - 1)]] <- as.numeric(eval(parse(text = substring(pair, at + 1)), as.list(data)))
  }
  out
}

cells <- function(x) lapply(list(ai = x$ai, bi = x$n1i - x$ai, ci = x$ci, di = x$n2i - x$ci), as.numeric)

# Studies of which escalc can make no effect (empty arms, unknown numbers, a single participant) are NA.
effects <- function(measure, x) {
  if (measure == "GIV") return(list(y = x$yi, v = x$vi))
  arguments <- c(list(measure = measure), x[intersect(names(x), COLUMNS[[measure]])])
  if (measure %in% c("OR", "RR", "RD", "PETO")) {
    # A risk difference exists where nobody had the event; the ratios do not.
    peto <- measure == "PETO"
    arguments <- c(arguments, list(add = if (peto) 0 else 0.5, to = if (peto) "none" else "only0", drop00 = measure != "RD"))
    bad <- with(x, is.na(ai + n1i + ci + n2i) | n1i <= 0 | n2i <= 0 | ai > n1i | ci > n2i)
    for (name in c("ai", "n1i", "ci", "n2i")) arguments[[name]][bad] <- NA
  }
  # Since metafor 5.0 the ratio of means is corrected for bias by default; the plain one is meant here.
  if (measure == "ROM") arguments$correct <- FALSE
  found <- suppressWarnings(do.call(escalc, arguments))
  list(y = as.numeric(found$yi), v = as.numeric(found$vi))
}

COLUMNS <- list(
  OR = c("ai", "n1i", "ci", "n2i"), MD = c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"), ZCOR = c("ri", "ni"),
  PLO = c("xi", "ni"), IRR = c("x1i", "t1i", "x2i", "t2i"), MC = c("m1i", "sd1i", "m2i", "sd2i", "ni", "ri")
)
COLUMNS$RR <- COLUMNS$RD <- COLUMNS$PETO <- COLUMNS$OR
COLUMNS$SMD <- COLUMNS$ROM <- COLUMNS$MD
COLUMNS$PAS <- COLUMNS$PLO
COLUMNS$SMCC <- COLUMNS$MC
COLUMNS$SMCR <- c("m1i", "sd1i", "m2i", "ni", "ri")

# Mantel-Haenszel and Peto, and RevMan's "M-H, Random", of the studies that are known.
pooled_tables <- function(measure, x) {
  known <- with(x, !is.na(ai + n1i + ci + n2i) & n1i > 0 & n2i > 0)
  x <- lapply(x[c("ai", "n1i", "ci", "n2i")], function(column) column[known])
  row <- function(fit) if (is.null(fit)) NULL else
    list(k = fit$k.yi, estimate = as.numeric(fit$beta), se = fit$se, ci_lower = fit$ci.lb, ci_upper = fit$ci.ub,
         statistic = as.numeric(fit$zval), p_value = as.numeric(fit$pval), q = fit$QE, q_p = fit$QEp)
  if (measure == "PETO") return(list(peto = row(quiet(do.call(rma.peto, x)))))
  mh <- function(...) quiet(do.call(rma.mh, c(list(measure = measure, ...), x)))
  plain <- mh(add = c(0.5, 0), to = c("only0", "none"), drop00 = c(measure != "RD", measure == "OR"))
  # As RevMan 5, whose sums are corrected and whose risk ratio has a place for everybody with the event.
  if (measure == "RR") x <- lapply(x, function(column) column[x$ai + x$ci > 0])
  both <- mh(add = c(0.5, 0.5), to = c("only0", "only0"), drop00 = rep(measure == "OR", 2))
  list(mh = row(plain), mh_corrected = row(both), revman = revman_random(measure, x))
}

# RevMan 5, "M-H, Random" (Deeks and Higgins 2010, and what its files store): 0.5 in every cell of studies with an
# empty one; tau2 from Q about the Mantel-Haenszel estimate; then inverse-variance weights. A study in which nobody had
# the event has no ratio. The risk difference itself stays uncorrected, and only its variance is corrected.
revman_random <- function(measure, x) {
  z <- as.data.frame(cells(x))
  silent <- z$ai + z$ci == 0 | (measure == "OR" & z$bi + z$di == 0)
  if (measure != "RD") z <- z[!silent, ]
  empty <- z$ai == 0 | z$bi == 0 | z$ci == 0 | z$di == 0
  raw <- z
  z[empty, ] <- z[empty, ] + 0.5
  if (nrow(z) < 2) return(NULL)
  found <- with(z, escalc(measure, ai = ai, bi = bi, ci = ci, di = di, add = 0, to = "none"))
  if (measure == "RD") found$yi <- with(raw, ai / (ai + bi) - ci / (ci + di))
  mh <- quiet(with(z, rma.mh(measure = measure, ai = ai, bi = bi, ci = ci, di = di, add = 0, to = "none", drop00 = FALSE)))
  if (is.null(mh)) return(NULL)
  w <- 1 / found$vi
  q <- sum(w * (found$yi - as.numeric(mh$beta))^2)
  tau2 <- max(0, (q - (nrow(z) - 1)) / (sum(w) - sum(w^2) / sum(w)))
  fit <- rma(as.numeric(found$yi), as.numeric(found$vi), tau2 = tau2)
  list(k = fit$k, fixed = as.numeric(mh$beta), q = q, tau2 = tau2, estimate = as.numeric(fit$beta), se = fit$se,
       ci_lower = fit$ci.lb, ci_upper = fit$ci.ub, p_value = fit$pval, weights = as.numeric(weights(fit)))
}
