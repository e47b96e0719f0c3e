package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.gatling.figures.RequestSummary;
import org.HdrHistogram.Histogram;

/**
 * What a run at one rate has shown.
 *
 * @param requests times from when a request was due to its answer, and failures
 * @param lateSends how late requests were sent, in microseconds
 * @param serverCores the processor time of the server in a second; NaN where it is not known
 * @param generatorCores the processor time of this process in a second
 */
record Measured(
    RequestSummary requests, Histogram lateSends, double serverCores, double generatorCores) {}
