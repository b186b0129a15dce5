#include "enxerto/data/grouped_example.h"

#include <optional>
#include <utility>

#include "enxerto/files/read.h"

namespace enxerto {
namespace {

class GroupedExample final : public Example {
 public:
  GroupedExample(std::unique_ptr<Example> example, std::string group)
      : example_(std::move(example)), group_(std::move(group)) {}

  std::string id() const override { return example_->id(); }
  Field field(std::size_t input) const override { return example_->field(input); }
  std::optional<FileIdentity> file(std::size_t input) const override { return example_->file(input); }
  std::string group() const override { return group_; }
  bool in_memory() const override { return example_->in_memory(); }

 private:
  std::unique_ptr<Example> example_;
  std::string group_;
};

}  // namespace

std::unique_ptr<Example> in_group(std::unique_ptr<Example> example, std::string group) {
  return std::make_unique<GroupedExample>(std::move(example), std::move(group));
}

}  // namespace enxerto
