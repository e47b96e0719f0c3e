package dev.rallypoint.transport.datagram;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.ShortId;

/**
 * A RegisterPeer datagram whose fields are read in place, so that a heartbeat that a lease covers
 * makes no objects. It takes the form that all clients send: field 6 of RendezvousMessage, in it
 * the id as field 1 and maybe the serial as field 2, each once and nothing else. Whatever differs
 * is left to the parser of protobuf. One object for many datagrams; not safe for several threads.
 */
public final class Heartbeat {
  private static final int REGISTER_PEER = 6 << 3 | 2;
  private static final int ID = 1 << 3 | 2;
  private static final int SERIAL = 2 << 3;
  private static final int ID_AT = 4;
  private static final int MAX_VARINT = 10;
  private static final int MORE = 0x80;

  private long idHigh;
  private long idLow;
  private long sourceHigh;
  private long sourceLow;
  private int sourcePort;

  /** Reads a datagram; false when it is anything else, or has an id that no {@link ShortId} is. */
  public boolean read(DatagramView datagram) {
    int length = datagram.length();
    if (length <= ID_AT
        || datagram.at(0) != REGISTER_PEER
        || datagram.at(1) != length - 2 // below 128: one byte
        || datagram.at(2) != ID) {
      return false;
    }
    int size = datagram.at(3);
    if (size < PeerId.MIN_REGISTRABLE_LENGTH
        || size > ShortId.MAX_LENGTH
        || ID_AT + size > length
        || !isEndOrSerial(datagram, ID_AT + size)) {
      return false;
    }
    return readId(datagram, size) && readSource(datagram);
  }

  private static boolean isEndOrSerial(DatagramView datagram, int from) {
    int length = datagram.length();
    if (from == length) {
      return true;
    }
    int bytes = length - from - 1;
    if (datagram.at(from) != SERIAL || bytes < 1 || bytes > MAX_VARINT) {
      return false;
    }
    for (int i = from + 1; i < length - 1; i++) {
      if ((datagram.at(i) & MORE) == 0) {
        return false;
      }
    }
    return datagram.at(length - 1) >= 0;
  }

  private boolean readId(DatagramView datagram, int size) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < ShortId.MAX_LENGTH; i++) {
      byte next = i < size ? datagram.at(ID_AT + i) : 0;
      if (next <= 0 && i < size) {
        return false; // 0 is in no id, and others are no ASCII
      }
      if (i < Long.BYTES) {
        high = high << Byte.SIZE | next;
      } else {
        low = low << Byte.SIZE | next;
      }
    }
    idHigh = high;
    idLow = low;
    return true;
  }

  /** False for an IPv4-compatible address, which {@code PeerAddress} changes. */
  private boolean readSource(DatagramView datagram) {
    sourceHigh = datagram.sourceHigh();
    sourceLow = datagram.sourceLow();
    sourcePort = datagram.sourcePort();
    return sourceHigh != 0 || sourceLow >>> 32 != 0 || sourceLow == 1;
  }

  /** The id. */
  public PeerId id() {
    return ShortId.of(idHigh, idLow);
  }

  /** The first number of the {@link ShortId}. */
  public long idHigh() {
    return idHigh;
  }

  /** The other number. */
  public long idLow() {
    return idLow;
  }

  /** The first 8 bytes of the address that it came from. */
  public long sourceHigh() {
    return sourceHigh;
  }

  /** The last 8 bytes. */
  public long sourceLow() {
    return sourceLow;
  }

  /** The port that it came from. */
  public int sourcePort() {
    return sourcePort;
  }
}
