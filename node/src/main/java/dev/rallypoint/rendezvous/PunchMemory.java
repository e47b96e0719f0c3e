package dev.rallypoint.rendezvous;

import dev.rallypoint.policy.ProvenTargets;

/**
 * What a node remembers of punch requests when they are over.
 *
 * @param admitted which were admitted, for relay requests that follow
 * @param proven from where targets proved themselves
 */
record PunchMemory(AdmittedPunches admitted, ProvenTargets proven) {}
