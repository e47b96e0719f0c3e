package dev.rallypoint.loadtest.peer;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.message.OnlineStates;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The answer to an online query.
 *
 * @param ids the ids in the order of the query
 * @param states the bitmap as received
 */
public record OnlineQueryResult(List<String> ids, ByteString states) {

  /**
   * Whether an id of the query is online.
   *
   * @throws IndexOutOfBoundsException when the bitmap is too short; the client would crash
   */
  public boolean isOnline(String id) {
    return OnlineStates.isOnline(states, ids.indexOf(id));
  }

  /** The ids of the query that are online. */
  public List<String> online() {
    return IntStream.range(0, ids.size())
        .filter(place -> OnlineStates.isOnline(states, place))
        .mapToObj(ids::get)
        .toList();
  }
}
