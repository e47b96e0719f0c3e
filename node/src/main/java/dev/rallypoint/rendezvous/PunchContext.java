package dev.rallypoint.rendezvous;

import dev.rallypoint.policy.PunchPolicy;
import dev.rallypoint.time.WallClock;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What all punch and relay requests on a node share. The text console changes {@code relays},
 * {@code rules} and {@code log}; {@code wallClock} is for mangled addresses and the log.
 */
record PunchContext(
    AccessCheck access,
    PunchAnswerRouter answers,
    RelayRotation relays,
    AtomicReference<PunchPolicy.Rules> rules,
    PunchLog log,
    WallClock wallClock) {}
