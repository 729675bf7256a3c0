package dev.waybill.product;

import java.nio.file.Path;

class SqliteProductStoreTest extends ProductStoreTest {

  @Override
  ProductDatabase newDatabase(Path folder) {
    return ProductDatabase.sqlite(folder);
  }
}
