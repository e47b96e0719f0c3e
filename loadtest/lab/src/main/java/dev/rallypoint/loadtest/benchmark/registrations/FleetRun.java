package dev.rallypoint.loadtest.benchmark.registrations;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets the devices of a fleet register by UDP, in one thread. A device that has no answer within 3
 * s sends again, as a client does; one that has got its answer sends a heartbeat every 15 s.
 */
final class FleetRun {
  private static final int RETRY = 3_000;
  private static final int INTERVAL = 15_000;
  private static final long IDLE_NANOS = 100_000;

  private final ManyAddresses socket;
  private final Fleet fleet;
  private final Load load;

  /** Milliseconds since the start at which a device has sent last. */
  private final int[] sentAt;

  /** The device's answer is awaited. */
  private final boolean[] isWaiting;

  private final boolean[] isRegistered;

  /** The devices that have sent lately, the one that did so longest ago first. */
  private final Ring asked;

  /** Those that were answered, until their next heartbeat. */
  private final Ring answered;

  private final List<Integer> perSecond = new ArrayList<>();
  private final long start = System.nanoTime();
  private int fresh;
  private int inFlight;
  private int registered;
  private int keyAsked;
  private int refused;
  private int repeated;
  private int millis;

  /**
   * What is sent.
   *
   * @param devices how many devices
   * @param isNew whether they send RegisterPk, or else a heartbeat
   * @param perSecond how many devices send their first message in a second
   * @param inFlight how many wait for an answer at most
   * @param time how long the run takes at most; it ends when all are registered
   */
  record Load(int devices, boolean isNew, int perSecond, int inFlight, Duration time) {}

  /**
   * What has come of it.
   *
   * @param registered the devices that were answered OK
   * @param keyAsked the answers that ask for a key
   * @param refused the answers to RegisterPk other than OK
   * @param repeated the messages that were sent again for want of an answer
   * @param seconds from the first message until the last device was registered, or the end
   * @param perSecond the devices that were registered in each second
   */
  record Outcome(
      int registered,
      int keyAsked,
      int refused,
      int repeated,
      double seconds,
      List<Integer> perSecond) {

    /** The registrations a second from the first quarter of all until three quarters. */
    double middleRate() {
      long sum = 0;
      int from = -1;
      long before = 0;
      for (int second = 0; second < perSecond.size(); second++) {
        if (from < 0 && sum >= registered / 4) {
          from = second;
          before = sum;
        }
        sum += perSecond.get(second);
        if (from >= 0 && sum >= registered / 4 * 3L) {
          return (double) (sum - before) / (second + 1 - from);
        }
      }
      return registered / seconds;
    }
  }

  private FleetRun(ManyAddresses socket, Fleet fleet, Load load) {
    this.socket = socket;
    this.fleet = fleet;
    this.load = load;
    this.sentAt = new int[load.devices];
    this.isWaiting = new boolean[load.devices];
    this.isRegistered = new boolean[load.devices];
    this.asked = new Ring(load.devices);
    this.answered = new Ring(load.isNew ? 0 : load.devices);
  }

  /** Runs until all devices are registered or the time is over. */
  static Outcome run(ManyAddresses socket, Fleet fleet, Load load) {
    return new FleetRun(socket, fleet, load).run();
  }

  private Outcome run() {
    while (registered < load.devices && millis < load.time.toMillis()) {
      millis = (int) ((System.nanoTime() - start) / 1_000_000);
      int sent = sendFirst() + sendAgain();
      socket.flush();
      int received = 0;
      for (int count = ManyAddresses.BATCH; count == ManyAddresses.BATCH; ) {
        count = socket.receive(this::onDatagram);
        received += count;
        if (received >= 16 * ManyAddresses.BATCH) {
          break;
        }
      }
      if (sent + received == 0) {
        LockSupport.parkNanos(IDLE_NANOS);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Outcome(registered, keyAsked, refused, repeated, seconds, perSecond);
  }

  private int sendFirst() {
    long due = Math.min(load.devices, (long) millis * load.perSecond / 1_000);
    int sent = 0;
    for (; fresh < due && inFlight < load.inFlight && sent < 8 * ManyAddresses.BATCH; sent++) {
      send(fresh++);
    }
    return sent;
  }

  private int sendAgain() {
    int sent = 0;
    for (; isDue(asked, RETRY) && sent < 8 * ManyAddresses.BATCH; ) {
      int device = asked.take();
      if (isWaiting[device]) {
        repeated++;
        inFlight--;
        send(device);
        sent++;
      } else if (!load.isNew) {
        answered.add(device);
      }
    }
    for (; isDue(answered, INTERVAL) && sent < 8 * ManyAddresses.BATCH; sent++) {
      send(answered.take());
    }
    return sent;
  }

  private boolean isDue(Ring ring, int wait) {
    return ring.size > 0 && millis - sentAt[ring.first()] >= wait;
  }

  private void send(int device) {
    boolean isClaim = load.isNew && !isRegistered[device];
    socket.send(
        fleet.address(device), isClaim ? fleet.registration(device) : fleet.heartbeat(device));
    sentAt[device] = millis;
    isWaiting[device] = true;
    inFlight++;
    asked.add(device);
  }

  private void onDatagram(int address, MemorySegment data, int length) {
    int device = fleet.device(address);
    if (device < 0 || device >= load.devices) {
      return; // of an earlier fleet
    }
    RendezvousMessage message;
    try {
      message = RendezvousMessage.parseFrom(data.asByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      return;
    }
    switch (message.getUnionCase()) {
      case REGISTER_PEER_RESPONSE -> {
        if (message.getRegisterPeerResponse().getRequestPk()) {
          keyAsked++;
        } else {
          onRegistered(device);
        }
      }
      case REGISTER_PK_RESPONSE -> {
        if (message.getRegisterPkResponse().getResult() == Result.OK) {
          onRegistered(device);
        } else {
          refused++;
        }
      }
      default -> {}
    }
  }

  private void onRegistered(int device) {
    if (isWaiting[device]) {
      isWaiting[device] = false;
      inFlight--;
    }
    if (isRegistered[device]) {
      return;
    }
    isRegistered[device] = true;
    registered++;
    int second = millis / 1_000;
    while (perSecond.size() <= second) {
      perSecond.add(0);
    }
    perSecond.set(second, perSecond.get(second) + 1);
  }

  /** A queue of device numbers in an array. */
  private static final class Ring {
    final int[] devices;
    int head;
    int size;

    Ring(int most) {
      devices = new int[most];
    }

    void add(int device) {
      int tail = head + size++;
      devices[tail >= devices.length ? tail - devices.length : tail] = device;
    }

    int first() {
      return devices[head];
    }

    int take() {
      int device = devices[head];
      head = head + 1 == devices.length ? 0 : head + 1;
      size--;
      return device;
    }
  }
}
