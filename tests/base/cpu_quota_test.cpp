#include "enxerto/base/cpu_quota.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <string>

#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

class CpuQuota : public ::testing::Test {
 protected:
  void write(const fs::path& file, const std::string& text) const {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text << "\n";
  }

  int cores() const { return cores_of_quota({.mounted = root_ / "groups", .mine = root_ / "mine"}); }

  const testing::TemporaryDirectory directory_;
  const fs::path& root_ = directory_.path();
};

TEST_F(CpuQuota, IsThatOfTheOwnGroup) {
  write("mine", "0::/user.slice/job");
  write("groups/user.slice/job/cpu.max", "150000 100000");
  EXPECT_EQ(cores(), 2);
}

TEST_F(CpuQuota, IsTheLeastOfTheGroupsAround) {
  write("mine", "0::/user.slice/job");
  write("groups/user.slice/job/cpu.max", "800000 100000");
  write("groups/user.slice/cpu.max", "300000 100000");
  write("groups/cpu.max", "max 100000");
  EXPECT_EQ(cores(), 3);
}

TEST_F(CpuQuota, IsReadInContainersThatSeeTheirOwnGroupOnly) {
  write("mine", "0::/kubepods/pod7");
  write("groups/cpu.max", "50000 100000");
  EXPECT_EQ(cores(), 1);
}

TEST_F(CpuQuota, IsReadOfVersion1) {
  write("mine", "4:cpu,cpuacct:/docker/7\n3:memory:/docker/7");
  write("groups/cpu,cpuacct/docker/7/cpu.cfs_quota_us", "400000");
  write("groups/cpu,cpuacct/docker/7/cpu.cfs_period_us", "100000");
  EXPECT_EQ(cores(), 4);
}

TEST_F(CpuQuota, IsNoneWhereNothingIsSaid) {
  EXPECT_EQ(cores(), std::numeric_limits<int>::max());
  write("groups/cpu.max", "max 100000");
  write("groups/cpu/cpu.cfs_quota_us", "-1");
  write("groups/cpu/cpu.cfs_period_us", "100000");
  EXPECT_EQ(cores(), std::numeric_limits<int>::max());
}

}  // namespace
}  // namespace enxerto
