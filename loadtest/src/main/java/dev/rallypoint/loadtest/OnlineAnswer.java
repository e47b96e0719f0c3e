package dev.rallypoint.loadtest;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.message.OnlineStates;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The answer to an online query.
 *
 * @param asked the ids in the query's order
 * @param states the bitmap as it came
 */
public record OnlineAnswer(List<String> asked, ByteString states) {

  /**
   * Whether an id of the query is online.
   *
   * @throws IndexOutOfBoundsException for a bitmap that is too short: the client would crash
   */
  public boolean isOnline(String id) {
    return OnlineStates.isOnline(states, asked.indexOf(id));
  }

  /** The ids of the query that are online. */
  public List<String> online() {
    return IntStream.range(0, asked.size())
        .filter(place -> OnlineStates.isOnline(states, place))
        .mapToObj(asked::get)
        .toList();
  }
}
