package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CatalogueTest extends ImportTestBase {

  private static final String HOSTILE =
      """
      sku,name,description,price,quantity,category,Colour,"say ""x"" y",more_images
      A/1,=Cup,"-5; =cmd|' /C calc'!A0",1.50,-3,Mugs,'red,"a,b",x
      B-2,'=quoted,"two
      lines",,0,,+1,"{""a"":1}",
      C-3,''@twice,"tab	here",0.1234,,"=1+1; -2",@at, é茶😀,
      D-4,1.234,NULL text,99,7,-,"=a
      b","“x”",
      """;

  @Test
  @Shows("call.catalogue.identity")
  void anExportThatIsUploadedAgainChangesNothing() throws Exception {
    assertThat(counts(awaitEnd(upload("", HOSTILE))).created()).isEqualTo(4);
    List<Map<String, Object>> before = products();
    String exported = get("/api/products", "text/csv").body();
    assertThat(exported)
        .startsWith(
            "sku,name,description,price,currency,quantity,category,brand,gtin,image_url,attributes\n");

    Job again = awaitEnd(upload("", exported));

    assertThat(counts(again)).isEqualTo(new Counts(4, 0, 0, 4, 0, 0, 0));
    assertThat(products()).isEqualTo(before);

    database.sql("DELETE FROM product").update();
    assertThat(counts(awaitEnd(upload("", exported))).created()).isEqualTo(4);
    assertThat(products()).isEqualTo(before);
    assertThat(get("/api/products", "text/csv").body()).isEqualTo(exported);

    String list = get("/api/jobs/" + again.id() + "/products", "text/csv").body();
    assertThat(counts(awaitEnd(upload("", list))).unchanged()).isEqualTo(4);

    Job edited = awaitEnd(upload("", exported.replace("'=Cup", "Mug")));
    assertThat(counts(edited)).isEqualTo(new Counts(4, 0, 1, 3, 0, 0, 0));
  }

  /** All columns of each product except the job that wrote it last. */
  private List<Map<String, Object>> products() {
    List<Map<String, Object>> products =
        database.sql("SELECT * FROM product ORDER BY sku").query().listOfRows();
    products.forEach(product -> product.remove("writer"));
    return products;
  }

  @Test
  @Shows("call.catalogue")
  void pagesLeadThroughTheCatalogue() throws Exception {
    imported(rows(0, 25, "Shoe"));

    List<String> skus = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = json(get("/api/products?limit=10&after=" + after, "*/*").body());
      page.get("items").forEach(product -> skus.add(product.get("sku").asString()));
      after = page.get("next").asString(null);
    } while (after != null);

    assertThat(skus).hasSize(25).doesNotHaveDuplicates().isSorted();
    assertThat(get("/api/products", "application/x-ndjson").body().lines()).hasSize(25);
    assertThat(json(get("/api/products?query=s12", "*/*").body()).get("items")).hasSize(1);
    assertThat(get("/api/products?limit=0", "*/*").statusCode()).isEqualTo(400);
    assertThat(get("/api/products?query=" + "x".repeat(201), "*/*").statusCode()).isEqualTo(400);
  }

  @Test
  @Shows("call.product.delete")
  void aDeletedProductIsGone() throws Exception {
    awaitEnd(upload("", "sku,name\nA/1,a\nB-2,b\n"));

    assertThat(delete("/api/products?sku=A/1").statusCode()).isEqualTo(204);
    assertThat(delete("/api/products?sku=A/1").statusCode()).isEqualTo(404);
    assertThat(delete("/api/products/B-2").statusCode()).isEqualTo(204);
    assertThat(delete("/api/products").statusCode()).isEqualTo(400);
    assertThat(count("product", "name", "b")).isZero();
  }

  private HttpResponse<String> delete(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path)).DELETE().build(), HttpResponse.BodyHandlers.ofString());
  }
}
