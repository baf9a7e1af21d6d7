# Pools published data sets with R metafor and writes reference.json, which test_reference_synthesis.py reads.
#   apt-get install --no-install-recommends r-base-core r-cran-metafor r-cran-metadat r-cran-jsonlite
#   Rscript tests/reference/synthesis/make_reference.R
# The numbers are facts that the named publications print; metadat (GPL >= 2) is only read, none of its code
# or documentation is copied. Only the columns that an effect needs are kept.

suppressPackageStartupMessages({
  library(metafor)
  library(metadat)
  library(jsonlite)
})

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))

counts <- function(data, ai, n1i, ci, n2i) {
  list(kind = "2x2", events_e = data[[ai]], n_e = data[[n1i]], events_c = data[[ci]], n_c = data[[n2i]])
}
means <- function(data) {
  list(kind = "means", mean_e = data$m1i, sd_e = data$sd1i, n_e = data$n1i,
       mean_c = data$m2i, sd_c = data$sd2i, n_c = data$n2i)
}
effects <- function(data) list(kind = "effects", yi = as.numeric(data$yi), vi = as.numeric(data$vi))

bcg <- transform(dat.bcg, n1i = tpos + tneg, n2i = cpos + cneg)
axfors <- subset(dat.axfors2021, hcq_cq == "hcq")
complete <- function(data, columns) data[complete.cases(data[columns]), ]
gibson <- complete(dat.gibson2002, c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"))

sets <- list(
  bcg = c(counts(bcg, "tpos", "n1i", "cpos", "n2i"), source = "Colditz 1994 JAMA 271:698; dat.bcg"),
  hine1989 = c(counts(dat.hine1989, "ai", "n1i", "ci", "n2i"),
               source = "Normand 1999 Stat Med 18:321 after Hine 1989; dat.hine1989"),
  lee2004 = c(counts(dat.lee2004, "ai", "n1i", "ci", "n2i"),
              source = "Lee and Done 2004 Cochrane CD003281; dat.lee2004"),
  nielweise2007 = c(counts(dat.nielweise2007, "ai", "n1i", "ci", "n2i"),
                    source = "Niel-Weise 2007 Intensive Care Med 33:2058; dat.nielweise2007; empty cells"),
  axfors2021 = c(counts(axfors, "hcq_arm_event", "hcq_arm_total", "control_arm_event", "control_arm_total"),
                 source = "Axfors 2021 doi:10.17605/OSF.IO/QESV4, dat.axfors2021; no events"),
  normand1999 = c(means(dat.normand1999), source = "Normand 1999 Stat Med 18:321; dat.normand1999"),
  gibson2002 = c(means(gibson), source = "Gibson 2002 Cochrane CD001117; dat.gibson2002; complete rows"),
  hackshaw1998 = c(effects(dat.hackshaw1998), source = "Hackshaw 1997 BMJ 315:980; dat.hackshaw1998"),
  raudenbush1985 = c(effects(dat.raudenbush1985),
                     source = "Raudenbush 1984 J Educ Psychol 76:85; dat.raudenbush1985")
)

summary_of <- function(fit, call) {
  list(call = call, estimate = as.numeric(fit$beta), se = fit$se, z = as.numeric(fit$zval),
       p_value = as.numeric(fit$pval), ci_lower = fit$ci.lb, ci_upper = fit$ci.ub)
}
spread_of <- function(fit, k) {
  list(q = fit$QE, q_p = fit$QEp, df = k - 1,
       i2 = 100 * max(0, (fit$QE - (k - 1)) / fit$QE), h2 = fit$QE / (k - 1))
}
moments <- function(q, vi) {
  wi <- 1 / vi
  max(0, (q - (length(vi) - 1)) / (sum(wi) - sum(wi^2) / sum(wi)))
}

iv <- function(yi, vi) {
  ee <- rma(yi, vi, method = "EE")
  dl <- rma(yi, vi, method = "DL")
  list(k = ee$k, heterogeneity = spread_of(ee, ee$k),
       fixed = c(summary_of(ee, 'rma(yi, vi, method = "EE")'), list(weights = as.numeric(weights(ee)))),
       random = c(summary_of(dl, 'rma(yi, vi, method = "DL")'),
                  list(tau2 = dl$tau2, weights = as.numeric(weights(dl)))))
}

mh <- function(set) {
  # The second of each pair rules the Mantel-Haenszel sums: as RevMan 5, corrected like the single studies, and
  # without those that are not estimable.
  fit <- with(set, rma.mh(measure = "OR", ai = events_e, n1i = n_e, ci = events_c, n2i = n_c,
                          add = c(0.5, 0.5), to = c("only0", "only0"), drop00 = c(TRUE, TRUE)))
  yi <- as.numeric(fit$yi.f)
  keep <- !is.na(yi)
  yi <- yi[keep]
  vi <- as.numeric(fit$vi.f)[keep]
  # RevMan 5 "M-H, Random": tau2 from Q about the Mantel-Haenszel estimate, then inverse-variance weights.
  tau2 <- moments(fit$QE, vi)
  re <- rma(yi, vi, tau2 = tau2)
  call <- 'rma.mh(measure = "OR", add = c(.5, .5), to = c("only0", "only0"), drop00 = c(TRUE, TRUE))'
  list(k = fit$k.yi, heterogeneity = spread_of(fit, fit$k.yi),
       fixed = c(summary_of(fit, call), list(weights = as.numeric(na.omit(weights(fit))))),
       random = c(summary_of(re, "rma(yi, vi, tau2 = DL tau2 from the Q of rma.mh)"),
                  list(tau2 = tau2, weights = as.numeric(weights(re)))))
}

cases <- list()
for (name in names(sets)) {
  set <- sets[[name]]
  # Studies that are not estimable are NA on purpose, of which escalc warns.
  es <- suppressWarnings(switch(set$kind,
    "2x2" = with(set, escalc("OR", ai = events_e, n1i = n_e, ci = events_c, n2i = n_c,
                             add = 0.5, to = "only0", drop00 = TRUE)),
    "means" = with(set, escalc("MD", m1i = mean_e, sd1i = sd_e, n1i = n_e,
                               m2i = mean_c, sd2i = sd_c, n2i = n_c)),
    "effects" = set))
  yi <- as.numeric(es$yi)
  vi <- as.numeric(es$vi)
  keep <- !is.na(yi)
  measure <- switch(set$kind, "2x2" = "OR", "means" = "MD", "effects" = "GIV")
  about <- list(data = name, measure = measure, yi = yi, vi = vi)
  cases[[paste(name, "IV", sep = "/")]] <- c(about, method = "IV", iv(yi[keep], vi[keep]))
  if (set$kind == "2x2") cases[[paste(name, "MH", sep = "/")]] <- c(about, method = "MH", mh(set))
}

versions <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
                 metadat = as.character(packageVersion("metadat")))
write_json(list(made_by = "make_reference.R", versions = versions, sets = sets, cases = cases),
           file.path(here, "reference.json"), auto_unbox = TRUE, digits = I(17), na = "null", pretty = FALSE)
