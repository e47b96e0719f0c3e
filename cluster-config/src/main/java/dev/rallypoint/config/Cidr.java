package dev.rallypoint.config;

import dev.rallypoint.config.text.HostAndPort;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * A network such as {@code 192.168.0.0/16} or {@code 2001:db8::/32}; a lone address is a network of
 * one.
 *
 * @param network 4 or 16 bytes of the network's address, its host bits zero
 * @param prefix how many leading bits count
 */
public record Cidr(List<Byte> network, int prefix) {

  /**
   * Reads a network from text.
   *
   * @param setting the setting's name, for the message
   * @throws SettingException when the text is not one
   */
  public static Cidr parse(String setting, String text) {
    String[] halves = text.strip().split("/", -1);
    if (halves.length > 2 || !HostAndPort.looksLikeIp(halves[0])) {
      throw notANetwork(setting, text);
    }
    try {
      InetAddress address = InetAddress.ofLiteral(halves[0]);
      byte[] ip = address.getAddress();
      int bits = ip.length * 8;
      if (halves.length == 1 && address.isAnyLocalAddress()) {
        throw new SettingException(
            setting, text, "this is no host's address; all addresses are 0.0.0.0/0 and ::/0");
      }
      int prefix = halves.length == 1 ? bits : Integer.parseInt(halves[1]);
      if (prefix < 0 || prefix > bits) {
        throw notANetwork(setting, text);
      }
      return new Cidr(mask(ip, prefix), prefix);
    } catch (IllegalArgumentException e) {
      throw notANetwork(setting, text);
    }
  }

  /** Whether an ip of 4 or 16 bytes lies in this network; IPv4 and IPv6 never mix. */
  public boolean contains(byte[] ip) {
    return ip.length == network.size() && mask(ip, prefix).equals(network);
  }

  private static List<Byte> mask(byte[] ip, int prefix) {
    Byte[] masked = new Byte[ip.length];
    for (int i = 0; i < ip.length; i++) {
      int bits = Math.clamp(prefix - i * 8L, 0, 8);
      masked[i] = (byte) (ip[i] & (0xFF00 >> bits));
    }
    return List.copyOf(Arrays.asList(masked));
  }

  private static SettingException notANetwork(String setting, String text) {
    return new SettingException(setting, text, "write a network like 192.168.0.0/16");
  }
}
