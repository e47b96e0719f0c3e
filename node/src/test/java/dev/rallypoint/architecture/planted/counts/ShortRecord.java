package dev.rallypoint.architecture.planted.counts;

/** Has eight components and a static field. */
record ShortRecord(int a, int b, int c, int d, int e, int f, int g, int h) {
  static final int NONE = 0;
}
