package dev.rallypoint.loadtest.gatling.link;

import io.netty.channel.ChannelFactory;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;

/**
 * The kinds of channels that belong to the event loops of a run.
 *
 * @param tcp makes TCP channels
 * @param udp makes UDP channels
 */
public record SocketFactories(
    ChannelFactory<? extends SocketChannel> tcp, ChannelFactory<? extends DatagramChannel> udp) {}
