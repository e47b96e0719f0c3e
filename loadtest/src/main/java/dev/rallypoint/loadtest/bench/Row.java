package dev.rallypoint.loadtest.bench;

/** A row of the table: one kind of work. */
enum Row {
  BULK_1("bulk-1", "1 session, both ways, as fast as it goes"),
  BULK_50("bulk-50", "50 sessions, both ways, as fast as it goes"),
  PACED("paced", "20 sessions x 10 MB/s in 16 KiB writes"),
  PING("ping", "64 bytes there and back, idle relay"),
  PING_PACED("ping-paced", "the same while paced goes on"),
  IDLE("idle", "sessions that say nothing");

  private final String shown;
  private final String meaning;

  Row(String shown, String meaning) {
    this.shown = shown;
    this.meaning = meaning;
  }

  String shown() {
    return shown;
  }

  String meaning() {
    return meaning;
  }

  static Row of(String shown) {
    for (Row row : values()) {
      if (row.shown.equals(shown)) {
        return row;
      }
    }
    throw new IllegalArgumentException("no row " + shown);
  }
}
