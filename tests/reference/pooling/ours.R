# Data sets of our own, drawn by seed, so that every measure is tested where R is not installed, and the BCG vaccine
# trials; sourced by make_reference.R.

# Counts, deaths of the trials: Colditz and others 1994, JAMA 271:698, table 1 (tuberculosis, participants).
BCG <- list(
  ai = c(4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27),
  n1i = c(123, 306, 231, 13598, 5069, 1541, 2545, 88391, 7499, 1716, 50634, 2498, 16913),
  ci = c(11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29),
  n2i = c(139, 303, 220, 12867, 5808, 1451, 629, 88391, 7277, 1665, 27338, 2341, 17854),
  latitude = c(44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33),
  year = c(1948, 1949, 1960, 1977, 1973, 1953, 1973, 1980, 1968, 1961, 1974, 1969, 1976)
)

draw_counts <- function(k, risk, size) {
  n1i <- sample(size, k, replace = TRUE); n2i <- sample(size, k, replace = TRUE)
  list(ai = rbinom(k, n1i, plogis(qlogis(risk) + rnorm(k, 0.3, 0.5))), n1i = n1i, ci = rbinom(k, n2i, risk), n2i = n2i,
       dose = round(runif(k, 1, 9), 1))
}
draw_means <- function(k, scale, size) {
  mean <- function(shift) signif(scale * (5 + shift + rnorm(k, 0, 0.4)), 4)
  sd <- function() signif(scale * runif(k, 0.6, 1.6), 3)
  list(m1i = mean(0.5), sd1i = sd(), n1i = sample(size, k, replace = TRUE), m2i = mean(0), sd2i = sd(),
       n2i = sample(size, k, replace = TRUE), dose = round(runif(k, 1, 9), 1))
}
draw_effects <- function(k, tau, scale) {
  vi <- signif(scale^2 * exp(runif(k, -3, 1)), 6)
  list(yi = signif(rnorm(k, scale * 0.4, sqrt(vi + (scale * tau)^2)), 6), vi = vi, dose = round(runif(k, 1, 9), 1))
}
draw_pairs <- function(k) {
  list(m1i = round(rnorm(k, 52, 3), 1), sd1i = round(runif(k, 7, 12), 1), m2i = round(rnorm(k, 48, 3), 1),
       sd2i = round(runif(k, 7, 12), 1), ni = sample(8:60, k, replace = TRUE), ri = round(runif(k, 0.2, 0.9), 2))
}

# The hard cases are in it: empty cells, nobody or everybody with the event, two studies, effects of tiny and of huge
# scale, no heterogeneity, enormous heterogeneity, ties, and a likelihood with two maxima.
ours <- function() {
  RNGversion("4.0.0"); set.seed(20100)
  of <- function(kind, columns) list(measures = MEASURES[[kind]], columns = columns,
                                     moderators = intersect(c("dose", "latitude", "year"), names(columns)))
  odd <- draw_counts(12, 0.05, 15:60)
  odd$ai[c(1, 2)] <- 0; odd$ci[c(2, 3)] <- 0; odd$ai[4] <- odd$n1i[4]; odd$ci[4] <- odd$n2i[4]; odd$ci[5] <- 0
  missing <- draw_counts(6, 0.3, 40:90); missing$ai[2] <- NA; missing$n2i[5] <- 0; missing$ci[5] <- 0
  tied <- draw_effects(10, 0.5, 1); tied$vi[2:4] <- tied$vi[1]; tied$yi[7] <- tied$yi[6]; tied$vi[7] <- tied$vi[6]
  rates <- function(k, mean) list(x1i = rpois(k, mean * 0.7), t1i = sample(200:4000, k), x2i = rpois(k, mean),
                                  t2i = sample(200:4000, k))
  share <- function(k, p) { ni <- sample(10:200, k); list(xi = rbinom(k, ni, p), ni = ni) }
  related <- function(k) list(ri = round(tanh(rnorm(k, 0.4, 0.2)), 2), ni = sample(10:150, k))
  peaks <- list(yi = c(-0.8, -0.75, -0.7, 6, 6.4, -12, 0.5), vi = c(0.01, 0.012, 0.011, 9, 16, 20, 6))
  list(
    "bcg" = of("counts", BCG),
    "ours common events" = of("counts", draw_counts(14, 0.3, 30:300)),
    "ours rare events" = of("counts", draw_counts(20, 0.01, 40:400)),
    "ours empty cells" = of("counts", odd),
    "ours unknown numbers" = of("counts", missing),
    "ours two studies" = of("counts", draw_counts(2, 0.4, 30:60)),
    "ours means" = of("means", draw_means(11, 1, 8:60)),
    "ours small means" = of("means", draw_means(9, 1e-4, 5:30)),
    "ours large means" = of("means", draw_means(7, 1e5, 3:9)),
    "ours effects" = of("effects", draw_effects(25, 0.5, 1)),
    "ours equal effects" = of("effects", draw_effects(8, 0, 1e-6)),
    "ours scattered effects" = of("effects", draw_effects(9, 30, 1e3)),
    "ours three effects" = of("effects", draw_effects(3, 1, 1)),
    "ours ties" = of("effects", tied),
    "ours two peaks" = of("effects", peaks),
    "ours rates" = of("rates", rates(10, 12)),
    "ours rare rates" = of("rates", rates(9, 1.2)),
    "ours proportions" = of("proportions", share(12, 0.3)),
    "ours rare proportions" = of("proportions", share(10, 0.02)),
    "ours correlations" = of("correlations", related(12)),
    "ours before and after" = of("prepost", draw_pairs(10))
  )
}
