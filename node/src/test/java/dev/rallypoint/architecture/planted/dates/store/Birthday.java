package dev.rallypoint.architecture.planted.dates.store;

import java.util.Date;

/** Uses the old date. */
record Birthday(Date day) {}
