package dev.waybill.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NoticesTest {

  private final Notices notices = new Notices();

  @Test
  void countsTheSameNoticeOnceAndNamesItsFirstThreeRows() {
    for (long row = 1; row <= 1000; row++) {
      notices.add("cells-blanked", "price", row, "Cells with “-” were read as blank.");
    }

    assertThat(notices.list())
        .containsExactly(
            new Notice(
                "cells-blanked",
                "price",
                1000,
                List.of(1L, 2L, 3L),
                "Cells with “-” were read as blank."));
  }

  @Test
  void countsWhatExceedsFiftyInOneMore() {
    for (int column = 1; column <= 60; column++) {
      notices.add(new Notice("column-unknown", "c" + column, 1, List.of(), "An attribute."));
    }

    assertThat(notices.list()).hasSize(51);
    assertThat(notices.list().getLast().code()).isEqualTo("more");
    assertThat(notices.list().getLast().count()).isEqualTo(10);
  }

  @Test
  void goesOnFromAListThatWasStored() {
    notices.add("cells-blanked", null, 1, "x");
    Notices resumed = new Notices();

    resumed.addAll(notices.list());
    resumed.add("cells-blanked", null, 7, "x");

    assertThat(resumed.list())
        .containsExactly(new Notice("cells-blanked", null, 2, List.of(1L, 7L), "x"));
  }

  @Test
  void cutsLongTexts() {
    Notice notice = new Notice("x", "é".repeat(300), 1, List.of(), "d".repeat(300));

    assertThat(notice.column()).hasSize(200).endsWith("…");
    assertThat(notice.detail()).hasSize(200).endsWith("…");
  }
}
