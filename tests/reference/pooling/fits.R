# What R metafor makes of the effects of one analysis; sourced by make_reference.R.
#
# metafor's tolerances are absolute. All fits are therefore made on effects divided by a power of 2 that brings the
# median variance near 1, which loses no digit, at the tightest tolerance at which the iteration ends, and are
# multiplied back.

METHODS <- c("DL", "HE", "HS", "SJ", "PM", "EB", "REML", "ML")
TESTS <- c(wald = "z", hksj = "knha", hksj_adhoc = "adhoc")
FIT <- c("estimate", "se", "ci_lower", "ci_upper", "statistic", "p_value", "tau2", "i2", "h2",
         "z_lower", "z_upper", "t_kminus1_lower", "t_kminus1_upper", "t_kminus2_lower", "t_kminus2_upper")
TIGHT <- c(1e-14, 1e-13, 1e-12, 1e-11)
STEPS <- c(150, 150, 300, 5000)
# Above so many studies metafor's dense matrices cost seconds; then only what is named in LARGE is fitted.
MANY <- 60
LARGE <- c("DL", "REML")
# What is a closed form of tau2 is fitted by metafor with every estimator only in our own data sets; in the grid, whose
# time is limited, with these.
ALL <- FALSE
WITH_HKSJ <- c("DL", "REML")
FILLED_BY <- "L0"
SERIES_BY <- "DL"
everything <- function() {
  ALL <<- TRUE
  WITH_HKSJ <<- METHODS
  FILLED_BY <<- c("L0", "R0")
  SERIES_BY <<- c("EE", "DL")
}

quiet <- function(x) tryCatch(suppressWarnings(x), error = function(e) NULL)
control <- function(threshold, steps = 1000) list(maxiter = steps, threshold = threshold, tol = 1e-14, tau2.max = 1e10)
unit <- function(v) 2^round(log2(median(v)) / 2)

# The fit of rma() at the tightest tolerance that its iteration reaches within few steps.
best <- function(y, v, method, ...) {
  scale <- max(1, var(y))
  for (i in seq_along(TIGHT)) {
    fit <- quiet(rma(y, v, method = method, control = control(TIGHT[i] * scale, STEPS[i]), ...))
    if (!is.null(fit)) return(fit)
  }
  NULL
}

row_of <- function(fit, s, level = 95) {
  half <- sqrt(fit$se^2 + fit$tau2)
  z <- qnorm(0.5 + level / 200)
  t <- function(df) if (df < 1) NA else qt(0.5 + level / 200, df)
  pi <- c(-z, z, -t(fit$k - 1), t(fit$k - 1), -t(fit$k - 2), t(fit$k - 2)) * half + fit$beta[1]
  # predict() has the normal quantile with Wald's test and t of k - 1 with Hartung and Knapp's.
  told <- predict(fit, level = level)
  if (fit$k > 1 && fit$method != "EE") {
    at <- if (fit$test == "z") 1:2 else 3:4
    stopifnot(max(abs(pi[at] - c(told$pi.lb, told$pi.ub))) < 1e-9 * half)
    pi[at] <- c(told$pi.lb, told$pi.ub)
  } else pi[] <- NA
  c(s * c(fit$beta[1], fit$se, fit$ci.lb, fit$ci.ub), fit$zval, fit$pval, s^2 * fit$tau2, fit$I2, fit$H2, s * pi)
}

# All estimators of tau2 by all intervals; names "REML/hksj".
pooled <- function(y, v, methods) {
  s <- unit(v); y <- y / s; v <- v / s^2
  out <- list()
  ee <- rma(y, v, method = "EE")
  out[["EE/wald"]] <- row_of(ee, s)
  for (method in methods) {
    first <- best(y, v, method)
    if (is.null(first)) next
    for (ci in if (method %in% WITH_HKSJ) names(TESTS) else "wald") {
      fit <- if (ci == "wald") first else quiet(rma(y, v, tau2 = first$tau2, method = method, test = TESTS[[ci]]))
      if (!is.null(fit)) out[[paste(method, ci, sep = "/")]] <- row_of(fit, s)
    }
    if (method == "REML" && ALL) {
      fit <- rma(y, v, tau2 = first$tau2, method = method, test = "knha", level = 90)
      out[["REML/hksj/90"]] <- row_of(fit, s, 90)
    }
  }
  list(k = ee$k, q = ee$QE, q_p = ee$QEp, i2_q = ee$I2, h2_q = ee$H2, fits = out)
}

q_profile <- function(y, v, level) {
  s <- unit(v)
  fit <- rma(y / s, v / s^2, method = "DL", control = control(1e-14), level = level)
  ci <- quiet(confint(fit, control = list(tol = 1e-14, maxiter = 10000, tau2.max = 1e10)))
  if (is.null(ci)) c(NA, NA) else s^2 * as.numeric(ci$random["tau^2", c("ci.lb", "ci.ub")])
}

small_studies <- function(y, v) {
  s <- unit(v); y <- y / s; v <- v / s^2
  out <- list()
  if (length(y) < 3) return(out)
  egger <- quiet(regtest(y, v, model = "lm"))
  if (!is.null(egger) && is.finite(egger$zval)) {
    line <- coef(suppressWarnings(summary(egger$fit)))
    out$egger <- list(statistic = egger$zval, df = egger$dfs, p_value = egger$pval,
                      bias = line[2, 1], bias_se = line[2, 2])
  }
  rank <- suppressWarnings(ranktest(y, v, exact = TRUE))
  out$begg <- list(tau = as.numeric(rank$tau), p_value = rank$pval)
  for (method in c("EE", "DL")) {
    fit <- rma(y, v, method = method)
    for (estimator in FILLED_BY) {
      filled <- quiet(trimfill(fit, estimator = estimator))
      if (!is.null(filled)) out[[paste("fill", method, estimator, sep = "_")]] <-
        list(missing = filled$k0, side = filled$side, estimate = s * as.numeric(filled$beta), se = s * filled$se,
             tau2 = s^2 * filled$tau2)
    }
  }
  out
}

# Peters and Harbord as weighted least squares of R itself.
table_tests <- function(y, x) {
  n <- x$ai + x$bi + x$ci + x$di; events <- x$ai + x$ci
  v <- (x$ai + x$bi) * (x$ci + x$di) * events * (n - events) / (n^2 * (n - 1))
  z <- x$ai - events * (x$ai + x$bi) / n
  slope <- function(model) {
    found <- suppressWarnings(coef(summary(model)))
    if (nrow(found) < 2) return(NULL)
    list(statistic = found[2, 3], df = model$df.residual, p_value = found[2, 4], bias = found[2, 1], bias_se = found[2, 2])
  }
  list(peters = slope(lm(y ~ I(1 / n), weights = 1 / (1 / events + 1 / (n - events)))),
       harbord = slope(lm(I(z / v) ~ I(1 / sqrt(v)), weights = v)))
}

series <- function(y, v) {
  s <- unit(v); y <- y / s; v <- v / s^2
  numbers <- function(x) list(estimate = s * x$estimate, se = s * x$se, ci_lower = s * x$ci.lb, ci_upper = s * x$ci.ub,
                              p_value = x$pval, q = x$Q, tau2 = s^2 * x$tau2, i2 = x$I2)
  out <- list()
  for (method in SERIES_BY) {
    fit <- rma(y, v, method = method)
    if (method == "DL") {
      out$leave_one_out <- numbers(leave1out(fit))
      out$cumulative <- numbers(cumul(fit))
      out$cumulative$estimate <- as.numeric(out$cumulative$estimate)
    }
    found <- quiet(influence(fit))
    if (is.null(found)) next
    pdf(NULL); axes <- baujat(fit); dev.off()
    order <- match(seq_along(y), as.integer(axes$ids))
    out[[paste0("influence_", method)]] <- list(
      rstudent = found$inf$rstudent, dffits = found$inf$dffits, cook = found$inf$cook.d,
      covariance_ratio = found$inf$cov.r, dfbetas = found$dfbs[[1]], hat = found$inf$hat, weight = found$inf$weight,
      tau2_without = s^2 * found$inf$tau2.del, q_without = found$inf$QE.del,
      baujat_x = axes$x[order], baujat_y = axes$y[order])
  }
  out
}

# Meta-regression on moderators as they stand, not centred.
regressed <- function(y, v, x, methods = c("EE", "DL", "HE", "HS", "SJ", "PM", "REML", "ML")) {
  s <- unit(v); y <- y / s; v <- v / s^2
  out <- list()
  for (method in methods) {
    first <- best(y, v, method, mods = x)
    # metafor's own R2 has the default tolerance in its model without moderators.
    whole <- if (method != "EE") best(y, v, method)$tau2
    r2 <- if (is.null(whole)) NA else if (whole > 1e-10) 100 * max(0, 1 - first$tau2 / whole) else 0
    if (is.null(first) || length(first$beta) != ncol(x) + 1) next
    for (test in if (method %in% WITH_HKSJ) names(TESTS) else "wald") {
      fit <- if (test == "wald") first else
        quiet(rma(y, v, mods = x, tau2 = first$tau2, method = method, test = TESTS[[test]]))
      if (is.null(fit)) next
      out[[paste(method, test, sep = "/")]] <- list(
        coefficients = s * as.numeric(fit$beta), se = s * fit$se, ci_lower = s * fit$ci.lb, ci_upper = s * fit$ci.ub,
        p_value = fit$pval, tau2 = s^2 * fit$tau2, q_residual = fit$QE, q_residual_p = fit$QEp,
        q_moderators = fit$QM, q_moderators_p = fit$QMp, i2 = fit$I2, h2 = fit$H2,
        r2 = r2)
    }
  }
  out
}
