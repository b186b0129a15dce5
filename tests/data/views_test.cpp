#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/relabel.h"

namespace enxerto {
namespace {

/// An example that is its name and its label.
class Named final : public Example {
 public:
  Named(std::string name, std::int64_t label) : name_(std::move(name)), label_(label) {}
  std::string id() const override { return name_; }
  std::int64_t label() const override { return label_; }
  Tensor bytes() const override { return Tensor(); }
  std::optional<RawPixels> raw() const override { return std::nullopt; }
  std::optional<FileIdentity> file() const override { return std::nullopt; }

 private:
  std::string name_;
  std::int64_t label_;
};

class NamedSet final : public Dataset {
 public:
  NamedSet(std::string prefix, std::vector<std::int64_t> labels, std::vector<std::string> classes)
      : prefix_(std::move(prefix)), labels_(std::move(labels)), classes_(std::move(classes)) {}
  std::size_t size() const override { return labels_.size(); }
  std::unique_ptr<Example> get(std::size_t position) const override {
    return std::make_unique<Named>(prefix_ + std::to_string(position), labels_.at(position));
  }
  std::int64_t label(std::size_t position) const override { return labels_.at(position); }
  const std::vector<std::string>& classes() const override { return classes_; }

 private:
  std::string prefix_;
  std::vector<std::int64_t> labels_;
  std::vector<std::string> classes_;
};

DatasetPtr named(std::string prefix, std::vector<std::int64_t> labels, std::vector<std::string> classes = {"a", "b"}) {
  return std::make_shared<NamedSet>(std::move(prefix), std::move(labels), std::move(classes));
}

TEST(Concatenate, HasTheExamplesOfAllPartsInOrder) {
  const DatasetPtr all = concatenate({named("x", {0, 1}), nullptr, named("empty", {}), named("y", {1})});
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ(all->get(1)->id(), "x1");
  EXPECT_EQ(all->get(2)->id(), "y0");
  EXPECT_EQ(all->label(2), 1);
}

TEST(Concatenate, RefusesPartsWithDifferentClasses) {
  EXPECT_THROW((void)concatenate({named("x", {0}), named("y", {0}, {"a", "c"})}), Error);
}

TEST(Relabel, MatchesClassesByNameNotByPosition) {
  const Relabelled view = relabel(named("x", {0, 1, 0}, {"b", "a"}), {"a", "b", "c"});
  ASSERT_EQ(view.dataset->size(), 3U);
  EXPECT_EQ(view.dataset->label(0), 1);
  EXPECT_EQ(view.dataset->get(1)->label(), 0);
  EXPECT_EQ(view.missing, std::vector<std::string>{"c"});
  EXPECT_TRUE(view.unknown.empty());
}

TEST(Relabel, LeavesOutExamplesOfUnknownClassesAndCountsThem) {
  const Relabelled view = relabel(named("x", {0, 1, 1}, {"a", "zebra"}), {"a"});
  ASSERT_EQ(view.dataset->size(), 1U);
  EXPECT_EQ(view.dataset->get(0)->id(), "x0");
  EXPECT_EQ(view.left_out, 2U);
  EXPECT_EQ(view.unknown, std::vector<std::string>{"zebra"});
}

}  // namespace
}  // namespace enxerto
