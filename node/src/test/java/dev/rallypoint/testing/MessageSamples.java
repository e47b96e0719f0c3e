package dev.rallypoint.testing;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Samples of a record: together they have every sample value of each component, null where it is
 * {@code @Nullable} and each constant of an enum. A component of a type without sample values fails
 * with the name of the component.
 */
public final class MessageSamples {
  private final Map<Class<?>, List<?>> values;

  /** Actors in the samples are test probes of this kit. */
  public MessageSamples(ActorTestKit kit) {
    values =
        Map.of(
            long.class, List.of(5L, 0L, -77L, 1L << 40),
            int.class, List.of(2, 0, -1),
            boolean.class, List.of(true, false),
            String.class, List.of("203.0.113.7", "", "ü"),
            ByteString.class, List.of(ByteString.copyFrom(new byte[] {0, -1, 7}), ByteString.EMPTY),
            PeerId.class, List.of(new PeerId("123456789")),
            PeerAddress.class,
                List.of(
                    PeerAddress.v4(0xCB007107, 50_000),
                    new PeerAddress(0x20010db8_00000000L, 1, 8_080)),
            ActorRef.class, List.of(kit.createTestProbe().getRef(), kit.createTestProbe().getRef()),
            List.class, List.of(List.of("123456789", "987654321"), List.of()));
  }

  /** The samples of a record. */
  public List<Object> of(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    List<List<@Nullable Object>> candidates =
        Arrays.stream(components).map(this::candidates).toList();
    int most = candidates.stream().mapToInt(List::size).max().orElse(1);
    return IntStream.range(0, most)
        .mapToObj(i ->
            create(type, candidates.stream().map(found -> found.get(i % found.size())).toArray()))
        .toList();
  }

  /** A record with one component set to the zero of its primitive type. */
  public Object withZero(Object sample, RecordComponent zeroed) {
    Class<?> type = sample.getClass();
    Object zero = Array.get(Array.newInstance(zeroed.getType(), 1), 0);
    return create(
        type,
        Arrays.stream(type.getRecordComponents())
            .map(component ->
                component.getName().equals(zeroed.getName()) ? zero : value(sample, component))
            .toArray());
  }

  private List<@Nullable Object> candidates(RecordComponent component) {
    List<@Nullable Object> found = new ArrayList<>(valuesOf(component));
    if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      found.add(null);
    }
    return found;
  }

  private List<?> valuesOf(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == List.class
        && component.getGenericType() instanceof ParameterizedType list
        && list.getActualTypeArguments()[0] instanceof Class<?> element
        && element.isRecord()) {
      return List.of(of(element), List.of());
    }
    if (values.containsKey(type)) {
      return values.get(type);
    }
    if (type.isEnum()) {
      return Arrays.asList(type.getEnumConstants());
    }
    if (type.isRecord()) {
      return of(type);
    }
    throw new AssertionError(
        "no sample values of " + component + " of " + component.getDeclaringRecord().getName());
  }

  private static Object create(Class<?> type, @Nullable Object[] arguments) {
    Class<?>[] types =
        Stream.of(type.getRecordComponents()).map(RecordComponent::getType).toArray(Class[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("no sample of " + type.getName(), e);
    }
  }

  private static @Nullable Object value(Object sample, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(sample);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("no value of " + component, e);
    }
  }
}
