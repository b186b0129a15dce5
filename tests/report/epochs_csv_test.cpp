#include "enxerto/report/epochs_csv.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace enxerto {
namespace {

TEST(EpochsCsv, HasARowForEachEpochAndAColumnForEachSeries) {
  PhaseHistory head, rest;
  head.name = "phase 1 (head)";
  rest.name = "phase 2 (\"all\")";
  head.append("loss", 0.5);
  rest.append("loss", 0.25);
  rest.append("val_loss", 0.75);
  rest.append("loss", NAN);
  rest.append("val_loss", NAN);  // not judged after this epoch
  EXPECT_EQ(epochs_csv(std::vector{head, rest}),
            "phase,epoch,loss,val_loss\n"
            "\"phase 1 (head)\",1,0.5,\n"
            "\"phase 2 (\"\"all\"\")\",1,0.25,0.75\n"
            "\"phase 2 (\"\"all\"\")\",2,nan,\n");
  EXPECT_EQ(epochs_csv({}), "phase,epoch\n");
}

}  // namespace
}  // namespace enxerto
