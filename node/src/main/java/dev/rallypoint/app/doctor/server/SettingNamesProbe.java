package dev.rallypoint.app.doctor.server;

import dev.rallypoint.app.doctor.Check;
import dev.rallypoint.app.doctor.Finding;
import dev.rallypoint.app.doctor.ServerVerdict;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.text.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Resolves each name in the settings that clients or other nodes go by. */
record SettingNamesProbe(NodeSettings settings) {

  /** A row for each name without an address, or one for all. */
  List<Finding> find() {
    Map<String, String> names = new LinkedHashMap<>();
    settings.rendezvous().relayServers().forEach(host -> put(names, "relay-servers", host));
    put(names, "relay-name", settings.relay().ownName());
    put(names, "cluster-host", settings.cluster().host());
    settings.cluster().seeds().forEach(seed -> put(names, "seed-nodes", seed.getHostString()));
    List<Finding> unknown = new ArrayList<>();
    names.forEach((host, setting) -> {
      if (!isKnown(host)) {
        unknown.add(
            new Finding(
                Check.NAMES,
                ServerVerdict.NAME_UNKNOWN,
                setting + ": " + host + " has no address"));
      }
    });
    return unknown.isEmpty()
        ? List.of(
            new Finding(
                Check.NAMES,
                ServerVerdict.NAMES_RESOLVE,
                names.isEmpty() ? "none is set" : String.join(", ", names.keySet())))
        : unknown;
  }

  private static void put(Map<String, String> names, String setting, String text) {
    if (!text.isEmpty()) {
      names.put(HostAndPort.parse(text).map(HostAndPort::host).orElse(text), setting);
    }
  }

  private static boolean isKnown(String host) {
    try {
      return InetAddress.getByName(host).getAddress().length > 0;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
