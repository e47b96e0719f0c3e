package dev.rallypoint.loadtest.peer;

import java.net.DatagramSocket;

/**
 * A socket for UDP hole punching.
 *
 * @param socket sends and receives from the mapped port
 * @param publicPort the port from which the server sees it
 */
record UdpPunchPort(DatagramSocket socket, int publicPort) {}
