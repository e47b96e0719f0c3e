package dev.rallypoint.transport.datagram;

/**
 * One datagram in the memory where the kernel has written it: no object is made of it. It is good
 * only during the call that hands it over.
 */
public interface DatagramView {
  /** The bytes of its payload. */
  int length();

  /** One byte of its payload, the first one at 0. */
  byte at(int place);

  /** The first 8 bytes of its source's address, as in {@link Datagram#from}. */
  long sourceHigh();

  /** The last 8 bytes of its source's address; IPv4 is in its mapped form. */
  long sourceLow();

  /** Its source's port. */
  int sourcePort();

  /** Where it was sent to; one object for each address, as long as there are few. */
  LocalEnd end();

  /** The datagram as an object of its own. */
  Datagram copy();
}
