package dev.rallypoint.loadtest.benchmark.registrations;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The devices of a benchmark: device {@code i} has its own id, uuid, key and address. */
final class Fleet {
  private static final int FIRST_ADDRESS = 0x7F01_0000; // 127.1.0.0
  private static final int FIRST_ID = 300_000_000;
  private static final int DIGITS = 9;
  private static final int UUID = 16;
  private static final int KEY = 32;

  private final int first;
  private final byte[] heartbeat;
  private final byte[] registration;
  private final int idOfHeartbeat;
  private final int idOfRegistration;

  /**
   * @param first the number of the first device, so that a later fleet has others
   */
  Fleet(int first) {
    this.first = first;
    RendezvousMessage beat =
        RendezvousMessage.newBuilder()
            .setRegisterPeer(RegisterPeer.newBuilder().setId(id(0)))
            .build();
    RendezvousMessage claim =
        RendezvousMessage.newBuilder()
            .setRegisterPk(
                RegisterPk.newBuilder()
                    .setId(id(0))
                    .setUuid(ByteString.copyFrom(uuid(0)))
                    .setPk(ByteString.copyFrom(key(0))))
            .build();
    heartbeat = beat.toByteArray();
    registration = claim.toByteArray();
    idOfHeartbeat = place(heartbeat);
    idOfRegistration = place(registration);
  }

  private int place(byte[] message) {
    return new String(message, StandardCharsets.ISO_8859_1).indexOf(id(0));
  }

  String id(int device) {
    return String.valueOf(FIRST_ID + first + device);
  }

  byte[] uuid(int device) {
    return ByteBuffer.allocate(UUID).putInt(FIRST_ID + first + device).array();
  }

  byte[] key(int device) {
    return ByteBuffer.allocate(KEY).putInt(FIRST_ID + first + device).array();
  }

  /** The address of a device, as a number. */
  int address(int device) {
    return FIRST_ADDRESS + first + device;
  }

  /** The device that has this address. */
  int device(int address) {
    return address - FIRST_ADDRESS - first;
  }

  /** The address of a device as the server stores it. */
  String ip(int device) {
    return PeerAddress.v4(address(device), 0).ip();
  }

  /** The heartbeat of a device; valid until the next call. */
  byte[] heartbeat(int device) {
    putId(heartbeat, idOfHeartbeat, device);
    return heartbeat;
  }

  /** The RegisterPk of a device; valid until the next call. */
  byte[] registration(int device) {
    putId(registration, idOfRegistration, device);
    int uuid = idOfRegistration + DIGITS + 2; // its field number and length
    putNumber(registration, uuid, device);
    putNumber(registration, uuid + UUID + 2, device);
    return registration;
  }

  private void putId(byte[] message, int at, int device) {
    int rest = FIRST_ID + first + device;
    for (int i = at + DIGITS - 1; i >= at; i--) {
      message[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private void putNumber(byte[] message, int at, int device) {
    ByteBuffer.wrap(message).putInt(at, FIRST_ID + first + device);
  }
}
