/**
 * The ID server: registrations and NAT tests by UDP, the control connections on 21116 by TCP and
 * WebSocket, the NAT test and online query on 21115, and the exchange of messages between a
 * requester and its target before they connect.
 *
 * <p>{@link dev.rallypoint.rendezvous.RendezvousServer} opens the ports. {@code ControlConnection}
 * handles a connection's frames and {@code ClientSession} its messages: {@code Requester} serves
 * the connection of a requester, {@code RegistrationLink} that of a peer. {@code PunchAnswerRouter}
 * brings a target's answer to the requester, on whatever node that is connected.
 */
@NullMarked
package dev.rallypoint.rendezvous;

import org.jspecify.annotations.NullMarked;
