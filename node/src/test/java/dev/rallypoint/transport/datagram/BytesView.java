package dev.rallypoint.transport.datagram;

import dev.rallypoint.protocol.address.PeerAddress;

/** A datagram in an array. */
record BytesView(byte[] payload, PeerAddress from) implements DatagramView {
  @Override
  public int length() {
    return payload.length;
  }

  @Override
  public byte at(int place) {
    return payload[place];
  }

  @Override
  public long sourceHigh() {
    return from.high();
  }

  @Override
  public long sourceLow() {
    return from.low();
  }

  @Override
  public int sourcePort() {
    return from.port();
  }

  @Override
  public LocalEnd end() {
    return LocalEnd.ANY;
  }

  @Override
  public Datagram copy() {
    return new Datagram(from, end(), payload);
  }
}
