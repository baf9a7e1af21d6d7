# Reference values of models for several effects of one study and for rare events. Needs the Debian packages
# r-cran-metafor, r-cran-metadat, r-cran-clubsandwich, r-cran-lme4, r-cran-biasedurn, r-cran-jsonlite:
#   Rscript make_reference.R > reference.json
suppressMessages({library(metafor); library(clubSandwich); library(jsonlite)})

# rma.mv stops where a tight optimizer does not report convergence; the next one is then asked.
controls <- list(
  list(optimizer = "nlminb", rel.tol = 1e-13, x.tol = 1e-12, iter.max = 5000, eval.max = 5000),
  list(optimizer = "nlminb", rel.tol = 1e-11, iter.max = 5000, eval.max = 5000),
  list(optimizer = "nlminb")
)
fitted <- function(...) {
  for (control in controls) {
    fit <- tryCatch(rma.mv(..., control = control), error = function(e) NULL)
    if (!is.null(fit)) return(fit)
  }
  stop("no optimizer converged")
}

several <- function(yi, vi, study, rho) {
  data <- data.frame(yi = yi, vi = vi, study = study, effect = seq_along(yi))
  V <- if (rho == 0) vi else vcalc(vi, cluster = study, obs = effect, data = data, rho = rho)
  z <- fitted(yi, V, random = ~ 1 | study/effect, data = data)
  t <- fitted(yi, V, random = ~ 1 | study/effect, data = data, test = "t", dfs = "contain")
  cr2 <- robust(z, cluster = data$study, clubSandwich = TRUE)
  list(
    yi = yi, vi = vi, study = study, rho = rho, estimate = z$b[1], se = z$se, between = z$sigma2[1],
    within = z$sigma2[2], z_ci = c(z$ci.lb, z$ci.ub), z_p = z$pval, t_ci = c(t$ci.lb, t$ci.ub), t_p = t$pval,
    cr2 = list(se = cr2$se, df = cr2$dfs, ci = c(cr2$ci.lb, cr2$ci.ub), p = cr2$pval)
  )
}

dependent <- list()
for (i in 1:12) {
  set.seed(20 + i)
  size <- sample(1:5, sample(4:14, 1), TRUE)
  study <- rep(seq_along(size), size)
  vi <- round(runif(length(study), .02, .3), 4)
  between <- rnorm(length(size), 0, c(0, .3, .6)[1 + i %% 3])[study]
  yi <- round(.3 + between + rnorm(length(study), 0, c(0, .2)[1 + i %% 2]) + rnorm(length(study), 0, sqrt(vi)), 4)
  dependent[[i]] <- several(yi, vi, paste0("s", study), c(0, .5, .8)[1 + i %% 3])
}

rare <- function(measure, a, n, c, m, fit) list(
  measure = measure, a = a, n = n, c = c, m = m, estimate = fit$b[1], se = fit$se, tau2 = fit$tau2,
  ci = c(fit$ci.lb, fit$ci.ub), p = fit$pval
)
d <- dat.nielweise2007
e <- dat.nielweise2008
set.seed(7)
x <- rbinom(12, 40, plogis(rnorm(12, -2.5, .8)))
tight <- list(optmethod = "Nelder-Mead", reltol = 1e-12)
or <- function(...) rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, model = "CM.EL", ...)
events <- list(
  rare("OR", d$ai, d$n1i, d$ci, d$n2i, or(control = tight)),
  c(rare("OR", d$ai, d$n1i, d$ci, d$n2i, or(method = "EE")), fixed = TRUE),
  rare("IRR", e$x1i, e$t1i, e$x2i, e$t2i,
    rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = e, model = "CM.EL", nAGQ = 31)),
  rare("PLO", x, rep(40, 12), x, rep(40, 12), rma.glmm(measure = "PLO", xi = x, ni = 40, nAGQ = 31))
)
versions <- sapply(c("metafor", "metadat", "clubSandwich", "lme4", "BiasedUrn"), function(p) as.character(packageVersion(p)))
cat(toJSON(list(versions = as.list(c(R = as.character(getRversion()), versions)), dependent = dependent, rare = events),
  digits = NA, auto_unbox = TRUE, pretty = FALSE), "\n")
