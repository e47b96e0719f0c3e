package dev.rallypoint.rendezvous;

import dev.rallypoint.policy.PunchPolicy;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What all punch and relay requests on a node share. The text console changes {@code relays},
 * {@code rules} and {@code log}.
 */
record PunchContext(
    AccessCheck access,
    PunchAnswerRouter answers,
    PunchMemory memory,
    PushGate pushes,
    RelayRotation relays,
    AtomicReference<PunchPolicy.Rules> rules,
    PunchLog log,
    PunchTiming timing) {}
