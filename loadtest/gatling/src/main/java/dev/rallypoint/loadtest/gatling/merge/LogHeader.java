package dev.rallypoint.loadtest.gatling.merge;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The first record of a log.
 *
 * @param version the version of Gatling that wrote it
 * @param simulation the class of the simulation
 * @param start the start of the run in milliseconds since 1970; all times count from it
 * @param description the description of the run
 * @param scenarios the names of the scenarios, by index
 * @param assertions each in Gatling's own encoding
 */
record LogHeader(
    LogText version,
    LogText simulation,
    long start,
    LogText description,
    List<LogText> scenarios,
    List<ByteBuffer> assertions) {}
