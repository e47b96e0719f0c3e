package dev.rallypoint.device;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.account.DeviceFilter;
import dev.rallypoint.store.account.DeviceListTable;
import dev.rallypoint.store.account.DeviceListTable.Column;
import dev.rallypoint.store.account.ListedDevice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * What administrators see of devices, and do to them. What changes who may do what is in force on
 * this node when its stage completes, and on the others within a second or so. Stages fail with a
 * {@link DeviceRefusal} where it is not done, and with the database's exception.
 */
public final class DeviceAdministration {
  private final DeviceParts parts;
  private final RefusedDevices states;
  private final DeviceEnrolment enrolment;
  private final Assignment assignment;
  private final Function<PeerId, CompletionStage<Boolean>> release;

  /**
   * The administration of the devices of all nodes.
   *
   * @param release frees a registered id, so that its device must register as a new one
   */
  public DeviceAdministration(
      DeviceParts parts,
      RefusedDevices states,
      DeviceEnrolment enrolment,
      DeviceBooks books,
      Function<PeerId, CompletionStage<Boolean>> release) {
    this.parts = parts;
    this.states = states;
    this.enrolment = enrolment;
    this.assignment = new Assignment(parts, books);
    this.release = release;
  }

  /**
   * A page of devices.
   *
   * @param total how many all pages have
   */
  public record Page(long total, List<ListedDevice> devices) {}

  /** A page of devices in the order of their ids. */
  public CompletionStage<Page> list(DeviceFilter filter, long offset, int most) {
    return parts.call(handle ->
        new Page(
            DeviceListTable.count(handle, parts.organization(), filter),
            DeviceListTable.list(handle, parts.organization(), filter, offset, most)));
  }

  /** Names a device: by its guid, or by its id. */
  public sealed interface Name {
    /** 36 characters. */
    record Guid(String guid) implements Name {}

    /** What users dial. */
    record Id(String id) implements Name {}
  }

  /** Lets a device register and be reached, or not. */
  public CompletionStage<Boolean> setEnabled(Name name, boolean isEnabled) {
    return changed(
        name,
        (handle, device) ->
            DeviceListTable.set(handle, device.guid(), Column.ENABLED, isEnabled, parts.now()));
  }

  /** Lets a device register that waits. */
  public CompletionStage<Boolean> approve(Name name) {
    return changed(
        name,
        (handle, device) ->
            DeviceListTable.set(handle, device.guid(), Column.APPROVED, true, parts.now()));
  }

  /**
   * Deletes a device, online or not. It comes back as a new one when it registers again or tells of
   * itself; where new devices are not let in by themselves, it must be let in again.
   */
  public CompletionStage<Boolean> delete(Name name) {
    return parts
        .call(handle -> {
          ListedDevice device = find(handle, name);
          DeviceListTable.delete(handle, device.guid(), parts.now());
          AccessEpoch.advance(handle, parts.organization());
          return device;
        })
        .thenCompose(device -> states.refresh().thenApply(done -> device.id()))
        .thenCompose(id ->
            enrolment.mode().isOpen()
                ? CompletableFuture.completedStage(true)
                : PeerId.parse(id)
                    .map(release)
                    .orElseGet(() -> CompletableFuture.completedStage(true)));
  }

  /**
   * Gives a device something.
   *
   * @param kind {@code user_name}, {@code device_group_name}, {@code strategy_name}, {@code note},
   *     {@code device_username}, {@code device_name} or {@code ab}
   * @param value a dash or nothing takes it away
   */
  public CompletionStage<Boolean> assign(Name name, String kind, String value) {
    Optional<Assignment.Kind> known = Assignment.Kind.of(kind);
    if (known.isEmpty()) {
      return CompletableFuture.failedStage(
          DeviceRefusal.invalid("there is nothing of the type " + kind + " to assign"));
    }
    return changed(name, (handle, device) -> assignment.give(handle, device, known.get(), value));
  }

  /**
   * Gives a device all that its own command asks for, or nothing.
   *
   * @param uuid in base64, which proves that it is the device
   * @param values by the words of {@link #assign}
   */
  public CompletionStage<Boolean> assignBy(
      String id, String uuid, Map<String, String> values, Optional<DeviceBooks.Entry> book) {
    return changed(
        new Name.Id(id),
        (handle, device) -> {
          if (!DeviceListTable.isOf(handle, device.guid(), uuid)) {
            throw DeviceRefusal.unknown("the id " + id + " is another device's");
          }
          values.forEach((word, value) ->
              assignment.give(handle, device, Assignment.Kind.of(word).orElseThrow(), value));
          book.ifPresent(
              entry -> assignment.books().put(handle, parts.organization(), device.id(), entry));
        });
  }

  private CompletionStage<Boolean> changed(Name name, BiConsumer<Handle, ListedDevice> change) {
    return parts
        .call(handle -> {
          change.accept(handle, find(handle, name));
          AccessEpoch.advance(handle, parts.organization());
          return true;
        })
        .thenCompose(done -> states.refresh())
        .thenApply(done -> true);
  }

  private ListedDevice find(Handle handle, Name name) {
    return switch (name) {
      case Name.Guid(String guid) ->
          DeviceListTable.find(handle, parts.organization(), guid)
              .orElseThrow(() -> DeviceRefusal.unknown("there is no such device"));
      case Name.Id(String id) ->
          DeviceListTable.findById(handle, parts.organization(), id)
              .orElseThrow(() -> DeviceRefusal.unknown("there is no device " + id));
    };
  }
}
