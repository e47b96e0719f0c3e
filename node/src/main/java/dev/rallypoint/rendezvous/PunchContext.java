package dev.rallypoint.rendezvous;

import dev.rallypoint.policy.PunchPolicy;
import dev.rallypoint.time.WallClock;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What all punch and relay requests on a node share. The text console changes {@code relays},
 * {@code rules} and {@code log}.
 *
 * @param access checks the requests' key
 * @param answers brings the targets' answers to the requesters
 * @param relays the relays named to clients
 * @param rules the operator's rules for punches
 * @param log the last punch requests
 * @param wallClock the time of day, for mangled addresses and the log
 */
record PunchContext(
    AccessCheck access,
    PunchAnswerRouter answers,
    RelayRotation relays,
    AtomicReference<PunchPolicy.Rules> rules,
    PunchLog log,
    WallClock wallClock) {}
