/**
 * The ID server's doors: registrations and NAT tests by UDP, the control connections on 21116, the
 * NAT test and online query on 21115, and the attempts of two peers to meet.
 */
@NullMarked
package dev.rallypoint.rendezvous;

import org.jspecify.annotations.NullMarked;
