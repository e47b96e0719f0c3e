package dev.rallypoint.architecture.planted.counts;

/** Has nine components. */
record LongRecord(int a, int b, int c, int d, int e, int f, int g, int h, int i) {
  static final int NONE = 0;
}
