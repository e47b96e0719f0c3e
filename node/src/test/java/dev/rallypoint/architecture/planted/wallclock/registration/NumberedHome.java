package dev.rallypoint.architecture.planted.wallclock.registration;

/** As it should be. */
public record NumberedHome(long epoch) {}
