package dev.waybill.csvimport;

import dev.waybill.access.Caller;
import dev.waybill.answer.AnswerJson;
import dev.waybill.answer.AnswerMemory;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes a whole list in parts while the list is read, so memory use stays constant. */
@Component
@RequiredArgsConstructor
class StreamItems {

  private static final int ITEMS_A_PART = 1000;

  private final AnswerMemory memory;

  /** Writes items in the format of the list. */
  interface Form<T> {
    void write(List<T> items, OutputStream out) throws IOException;
  }

  /** Writes all items and returns their number. */
  <T> long write(Caller caller, AnswerJson.Items<T> items, Form<T> form, OutputStream out)
      throws IOException {
    Part<T> part = new Part<>(items, form);
    do {
      memory.continueAnswer(caller, part, out);
    } while (!part.atEnd);
    return part.count;
  }

  /**
   * The state of a list: the item after which it continues. Only one thread may use an instance.
   */
  @RequiredArgsConstructor
  private static final class Part<T> implements AnswerMemory.Part {

    private final AnswerJson.Items<T> items;
    private final Form<T> form;
    private @Nullable T last;
    private long count;
    private boolean atEnd;

    @Override
    public void writeTo(OutputStream out) throws IOException {
      List<T> found = items.after(last, ITEMS_A_PART);
      atEnd = found.isEmpty();
      if (!atEnd) {
        form.write(found, out);
        last = found.getLast();
        count += found.size();
      }
    }
  }
}
