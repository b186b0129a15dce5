#include "enxerto/workflow/recipe_words.h"

#include <utility>

#include "enxerto/data/target_kind.h"
#include "enxerto/heads/head_kind.h"
#include "enxerto/heads/head_layers.h"
#include "enxerto/heads/loss.h"
#include "enxerto/pretrained/face_api.h"
#include "enxerto/tasks/task.h"

namespace enxerto::recipe_words {

std::vector<std::string> auto_or(std::vector<std::string> words) {
  words.insert(words.begin(), "auto");
  return words;
}

std::vector<std::string> data_kinds() {
  std::vector<std::string> names;
  for (const TargetKind& kind : target_kinds())
    if (kind.placed == nullptr) names.emplace_back(kind.name);  // answers in a text are of questions alone
  return auto_or(names);
}
std::vector<std::string> fits() { return {"auto", "crop", "squash", "five_points", "eyes_and_mouth"}; }
std::vector<std::string> detectors() { return auto_or(face_detector_names()); }
std::vector<std::string> normalisations() { return {"auto", "none", "unit", "tf", "torch", "torch_bgr", "caffe"}; }
std::vector<std::string> initialisations() { return {"glorot", "he"}; }
std::vector<std::string> poolings() { return auto_or(head_pooling_names()); }
std::vector<std::string> outputs() { return auto_or(head_output_names()); }
std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const TaskKind& kind : task_kinds()) names.emplace_back(kind.name);
  return auto_or(std::move(names));
}
std::vector<std::string> losses() { return auto_or(loss_kinds()); }
std::vector<std::string> kinds_of_heads() {
  std::vector<std::string> names;
  for (const HeadKind& kind : head_kinds()) names.emplace_back(kind.name);
  return auto_or(names);
}

}  // namespace enxerto::recipe_words
