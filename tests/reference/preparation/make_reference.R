# Recomputes with base R alone what test_reference_preparation.py compares; prints JSON with all digits.
# Rscript make_reference.R > reference.json
xi <- function(n) 2 * qnorm((n - 0.375) / (n + 0.25))
eta <- function(n) 2 * qnorm((0.75 * n - 0.125) / (n + 0.25))
five <- function(n, a, q1, m, q3, b) {
  w <- 4 / (4 + n^0.75)
  v <- 0.7 + 0.39 / n
  w1 <- 2.2 / (2.2 + n^0.75)
  w2 <- 0.7 - 0.72 / n^0.55
  s <- 1 / (1 + 0.07 * n^0.6)
  c(weighted.mean(c((a + b) / 2, m), c(w, 1 - w)), (b - a) / xi(n),
    weighted.mean(c((q1 + q3) / 2, m), c(v, 1 - v)), (q3 - q1) / eta(n),
    weighted.mean(c((a + b) / 2, (q1 + q3) / 2, m), c(w1, w2, 1 - w1 - w2)),
    s * (b - a) / xi(n) + (1 - s) * (q3 - q1) / eta(n))
}
ci <- function(n, lower, upper, level) sqrt(n) * (upper - lower) / 2 / qt(1 - (1 - level / 100) / 2, n - 1)
by_p <- function(md, p, n1, n2) md / qt(p / 2, n1 + n2 - 2, lower.tail = FALSE) / sqrt(1 / n1 + 1 / n2)
# Groups rebuilt as data with exactly these means and standard deviations, then taken together.
group <- function(n, m, s) { x <- scale(qnorm(ppoints(n)))[, 1]; m + s * x }
together <- function(...) { x <- unlist(lapply(list(...), function(g) group(g[1], g[2], g[3]))); c(length(x), mean(x), sd(x)) }
paired <- function() {
  before <- c(5.1, 6.3, 4.8, 7.7, 6.0, 5.5, 8.1, 4.4)
  after <- c(4.2, 6.1, 4.9, 6.0, 5.2, 5.7, 6.9, 3.1)
  test <- t.test(after, before, paired = TRUE)
  c(mean(before), sd(before), mean(after), sd(after), mean(after - before), sd(after - before), cor(before, after),
    test$statistic, test$p.value)
}
unpaired <- function() {
  one <- c(3.1, 4.5, 2.2, 5.0, 3.8, 4.1)
  two <- c(5.2, 4.9, 6.6, 3.9, 5.8, 6.1, 4.4)
  test <- t.test(one, two, var.equal = TRUE)
  pooled <- sqrt((5 * var(one) + 6 * var(two)) / 11)
  c(mean(one), mean(two), test$statistic, test$p.value, test$conf.int, pooled, anova(lm(c(one, two) ~ rep(1:2, c(6, 7))))$F[1])
}
show <- function(name, x) cat(sprintf('  "%s": [%s]', name, paste(sprintf("%.17g", x), collapse = ", ")))
cat(sprintf('{\n  "made_by": "R %s, base packages",\n', getRversion()))
show("five_20", five(20, 2, 4, 6, 10, 14)); cat(",\n")
show("five_7", five(7, -3, 0.5, 1, 2, 8)); cat(",\n")
show("five_1500", five(1500, 10, 40, 52, 70, 160)); cat(",\n")
show("ci", c(ci(25, 30.0, 34.2, 95), ci(8, -2, 3, 90), ci(400, 1, 1.1, 99))); cat(",\n")
show("p", c(by_p(3.8, 0.008, 25, 22), by_p(-0.4, 0.6, 5, 4), by_p(10, 1e-8, 300, 200))); cat(",\n")
show("together", together(c(10, 11.8, 2.4), c(20, 15.3, 3.2), c(15, 8.4, 4.1))); cat(",\n")
show("opposite", together(c(12, -3, 1), c(9, 4, 2))); cat(",\n")
show("paired", paired()); cat(",\n")
show("unpaired", unpaired()); cat("\n}\n")
