#include "enxerto/training/epoch_table.h"

#include <gtest/gtest.h>

#include <cmath>

namespace enxerto {
namespace {

TEST(EpochTable, HasFixedColumnsAndMarksTheBestEpochs) {
  MetricsReport measured;
  measured.values = {{.name = "accuracy"}, {.name = "mae", .share = false}};
  const EpochTable table(10, measured);
  const EpochTable::Figures first{
      {"loss", 0.5234}, {"val_accuracy", 0.81}, {"val_mae", 12}, {"learning_rate", 1e-3}, {"seconds", 4.2}};
  EXPECT_EQ(EpochTable::head(first), "  epoch     loss  val_accuracy  val_mae  learning_rate     time");
  EXPECT_EQ(table.row(1, first, true), "   1/10   0.5234        81.0 %  12.0000          0.001    4.2 s  best");
  EXPECT_EQ(table.row(2, {{"loss", 0.5234}, {"val_accuracy", NAN}, {"seconds", 4.2}}, false),
            "   2/10   0.5234             -    4.2 s");
  EXPECT_EQ(table.row(10, first, false), "  10/10   0.5234        81.0 %  12.0000          0.001    4.2 s");
}

}  // namespace
}  // namespace enxerto
