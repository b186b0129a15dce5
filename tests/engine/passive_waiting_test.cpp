#include "enxerto/engine/passive_waiting.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace enxerto {
namespace {

std::string said(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "nothing" : value;
}

class PassiveWaitingTest : public ::testing::Test {
 protected:
  PassiveWaitingTest() { forget(); }
  ~PassiveWaitingTest() override { forget(); }

  static void forget() {
    unsetenv("OMP_WAIT_POLICY");
    unsetenv("GOMP_SPINCOUNT");
  }
};

TEST_F(PassiveWaitingTest, IsSaidWhileALibraryIsOpenedOnly) {
  {
    const PassiveWaiting passive;
    EXPECT_EQ(said("OMP_WAIT_POLICY"), "PASSIVE");
  }
  EXPECT_EQ(said("OMP_WAIT_POLICY"), "nothing");
}

TEST_F(PassiveWaitingTest, LeavesWhatTheUserSaid) {
  setenv("OMP_WAIT_POLICY", "ACTIVE", 1);
  {
    const PassiveWaiting passive;
    EXPECT_EQ(said("OMP_WAIT_POLICY"), "ACTIVE");
  }
  EXPECT_EQ(said("OMP_WAIT_POLICY"), "ACTIVE");
  unsetenv("OMP_WAIT_POLICY");
  setenv("GOMP_SPINCOUNT", "10000", 1);
  const PassiveWaiting passive;
  EXPECT_EQ(said("OMP_WAIT_POLICY"), "nothing");
}

}  // namespace
}  // namespace enxerto
