# Makes metafor.json: `Rscript make_metafor.R > metafor.json`, R metafor 3.8-1. The tables are made up for the rules
# that they exercise, but for dat.bcg and dat.gibson2002 of metadat.
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
tight <- list(maxiter = 10000, threshold = 1e-14, tol = 1e-14)
pair <- function(e) list(yi = as.numeric(e$yi), vi = as.numeric(e$vi))
binary <- list(ai = c(4, 0, 12, 0, 9, 20.5), n1i = c(50, 30, 60.5, 20, 9, 41), ci = c(9, 3, 15, 0, 11, 16), n2i = c(52, 31, 58, 22, 11, 39.5))
means <- list(m1i = c(10.2, 3.1, -4), sd1i = c(2.1, 1.2, 3), n1i = c(20, 5, 11.5), m2i = c(9.1, 4.4, -6), sd2i = c(2.5, 0.9, 2.2), n2i = c(22, 6, 12))
paired <- list(m1i = c(10.2, 3.1), sd1i = c(2.1, 1.2), m2i = c(9.1, 4.4), sd2i = c(2.5, 0.9), ni = c(20, 6), ri = c(0.6, 0.3))
rates <- list(x1i = c(4, 0, 0), t1i = c(120, 80, 50), x2i = c(9, 3, 0), t2i = c(110.5, 90, 60))
shares <- list(xi = c(0, 3, 10), ni = c(12, 14, 10))
cors <- list(ri = c(0.5, -0.2), ni = c(20, 9))
effects <- c(
  sapply(c("OR", "RR", "RD"), function(m) pair(do.call(escalc, c(list(m, drop00 = m != "RD"), binary))), simplify = FALSE),
  sapply(c("MD", "SMD", "ROM"), function(m) pair(do.call(escalc, c(list(m), means))), simplify = FALSE),
  sapply(c("MC", "SMCC", "SMCR"), function(m) pair(do.call(escalc, c(list(m), paired))), simplify = FALSE),
  list(IRR = pair(do.call(escalc, c(list("IRR", drop00 = TRUE), rates)))),
  sapply(c("PLO", "PAS"), function(m) pair(do.call(escalc, c(list(m), shares))), simplify = FALSE),
  list(ZCOR = pair(do.call(escalc, c(list("ZCOR"), cors)))))
fit <- function(f, ...) { p <- predict(f, ...)
  list(estimate = as.numeric(f$beta), se = f$se, ci_lower = f$ci.lb, ci_upper = f$ci.ub, z = f$zval, p_value = f$pval,
       pi_lower = as.numeric(p$pi.lb), pi_upper = as.numeric(p$pi.ub), q = f$QE, q_p = f$QEp, i2 = f$I2, h2 = f$H2, tau2 = f$tau2) }
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
gibson <- escalc("MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.gibson2002)
gibson <- gibson[!is.na(gibson$yi), ]
fits <- list()
for (m in c("FE", "DL", "HE", "HS", "SJ", "PM", "EB", "REML", "ML")) for (t in c("z", "knha", "adhoc"))
  fits[[paste(m, t)]] <- fit(suppressWarnings(rma(yi, vi, data = bcg, method = m, test = t, control = tight)))
fits99 <- fit(rma(yi, vi, data = bcg, method = "REML", test = "knha", level = 99, control = tight))
fits90 <- fit(rma(yi, vi, data = bcg, method = "DL", level = 90))
limits <- function(level) { x <- confint(rma(yi, vi, data = bcg, method = "REML", control = tight), level = level, control = list(tol = 1e-14))
  as.numeric(x$random[1, 2:3]) }
mh <- list()
for (m in c("OR", "RR", "RD")) { f <- with(dat.bcg, rma.mh(ai = tpos, bi = tneg, ci = cpos, di = cneg, measure = m))
  mh[[m]] <- list(estimate = as.numeric(f$beta), se = f$se, q = f$QE, q_p = f$QEp) }
f <- with(dat.bcg, rma.peto(ai = tpos, bi = tneg, ci = cpos, di = cneg))
mh$PETO <- list(estimate = as.numeric(f$beta), se = f$se, q = f$QE, q_p = f$QEp)
groups <- list()
for (t in c("z", "knha")) { f <- rma(yi, vi, mods = ~ alloc, data = bcg, method = "REML", test = t, control = tight)
  g <- rma(yi, vi, mods = ~ alloc - 1, data = bcg, method = "REML", test = t, control = tight)
  groups[[t]] <- list(q = f$QM, p_value = f$QMp, tau2 = f$tau2, estimate = as.numeric(g$beta), se = g$se, ci_lower = g$ci.lb) }
own <- lapply(split(bcg, bcg$alloc), function(d) { f <- rma(yi, vi, data = d, method = "REML", control = tight); list(estimate = as.numeric(f$beta), se = f$se) })
between <- rma(sapply(own, function(x) x$estimate), sei = sapply(own, function(x) x$se), method = "FE")
reg <- list()
for (m in c("FE", "DL", "HE", "HS", "SJ", "PM", "REML", "ML")) for (t in c("z", "knha")) {
  f <- suppressWarnings(rma(yi, vi, mods = ~ ablat + alloc, data = bcg, method = m, test = t, control = tight))
  reg[[paste(m, t)]] <- list(estimate = as.numeric(f$beta), se = f$se, p_value = f$pval, tau2 = f$tau2, q_residual = f$QE,
    q_moderators = f$QM, q_moderators_p = f$QMp, i2 = f$I2, r2 = if (is.null(f$R2)) NA else f$R2) }
infl <- list()
for (t in c("z", "knha")) { f <- rma(yi, vi, data = bcg, method = "REML", test = t, control = tight); i <- influence(f); pdf(NULL); b <- baujat(f)
  infl[[t]] <- list(rstudent = i$inf$rstudent, dffits = i$inf$dffits, cook = i$inf$cook.d, covariance_ratio = i$inf$cov.r,
    tau2_without = i$inf$tau2.del, q_without = i$inf$QE.del, hat = i$inf$hat, weight = i$inf$weight, dfbetas = i$dfbs[[1]],
    baujat_x = b$x[order(b$ids)], baujat_y = b$y[order(b$ids)]) }
e <- regtest(bcg$yi, bcg$vi, model = "lm"); k <- ranktest(bcg$yi, bcg$vi)
tied <- suppressWarnings(ranktest(round(as.numeric(bcg$yi), 0), round(as.numeric(bcg$vi), 1) + 0.1))
fe <- rma(yi, vi, data = bcg, method = "FE"); l0 <- trimfill(fe); r0 <- trimfill(fe, estimator = "R0")
small <- list(egger = list(statistic = e$zval, p_value = e$pval), begg = list(estimate = as.numeric(k$tau), p_value = k$pval),
  tied = list(estimate = as.numeric(tied$tau), p_value = tied$pval),
  l0 = list(missing = l0$k0, side = l0$side, estimate = as.numeric(l0$beta)), r0 = list(missing = r0$k0, side = r0$side, estimate = as.numeric(r0$beta)))
# The regressions of Peters 2006 and Harbord 2006, written out for lm of R 4.2.2.
line <- function(f) { s <- summary(f)$coefficients; list(statistic = s[2, 3], p_value = s[2, 4], estimate = s[2, 1], se = s[2, 2]) }
two <- with(dat.bcg, data.frame(a = tpos, n = tpos + tneg, events = tpos + cpos, total = tpos + tneg + cpos + cneg)) * 1.0
two$z <- two$a - two$events * two$n / two$total
two$v <- with(two, n * (total - n) * events * (total - events) / (total^2 * (total - 1)))
two$y <- as.numeric(escalc("OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)$yi)
small$peters <- line(lm(y ~ I(1 / total), data = two, weights = 1 / (1 / events + 1 / (total - events))))
small$harbord <- line(lm(I(z / v) ~ I(1 / sqrt(v)), data = two, weights = v))
g <- rma(yi, vi, data = gibson, method = "REML", control = tight)
cat(toJSON(list(version = as.character(packageVersion("metafor")), binary = binary, means = means, paired = paired, rates = rates,
  shares = shares, cors = cors, effects = effects, bcg = c(list(ai = bcg$tpos, n1i = bcg$tpos + bcg$tneg, ci = bcg$cpos, n2i = bcg$cpos + bcg$cneg,
  ablat = bcg$ablat, alloc = bcg$alloc), pair(bcg)), fits = fits, fits99 = fits99, fits90 = fits90, limits95 = limits(95), limits99 = limits(99),
  mh = mh, groups = groups, own = list(q = between$QE, p_value = between$QEp), reg = reg, infl = infl, small = small,
  gibson = c(pair(gibson), list(tau2 = g$tau2, estimate = as.numeric(g$beta), ci_lower = g$ci.lb))), digits = NA, auto_unbox = TRUE, na = "null", pretty = 1))
