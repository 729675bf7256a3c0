package dev.waybill.product;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NonProductLineTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Summe",
        "Gesamtsumme:",
        "Summe netto",
        "TOTAL",
        "Total: 3 articles",
        "Gesamt: 3",
        "Grand-Total",
        "sub total",
        "Total général",
        "total general",
        "Razem",
        "Ogolem",
        "合计",
        "小計：",
        "MwSt 19%",
        "19 % MwSt.",
        "zzgl. 19% MwSt.",
        "VAT (20%)",
        "IVA 21,00 €",
        "消費税10%",
        "Versand",
        "Frais de port",
        "送料",
        "Seite 1 von 2",
        "Page 1/2",
        "第1页 共3页",
        "Stand: 01.03.2026",
        "Stand: 1. März 2026",
        "Stand 01.03.2026",
        "Data: 2026-03-01",
        "# Kommentar",
        "Kitchen:"
      })
  void recognisesLinesThatAreNoProducts(String sku) {
    assertThat(NonProductLine.isLikely(sku)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "4006381333931",
        "12.5",
        "SKU-0000123",
        "TOTAL-1",
        "TOTAL1",
        "1-TOTAL",
        "Total_3",
        "TX-TOTAL-GO",
        "TOTALLY RED",
        "VAT69",
        "STAND-LAMP",
        "Versand-Karton-3",
        "Page Turner",
        "#Kommentar",
        "#1",
        "杯子",
        "合计-A1",
        "a:b"
      })
  void takesASkuForASku(String sku) {
    assertThat(NonProductLine.isLikely(sku)).isFalse();
  }
}
