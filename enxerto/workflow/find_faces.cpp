#include "enxerto/workflow/find_faces.h"

#include <memory>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/engine/executor.h"
#include "enxerto/media/image/face_finder.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/pretrained/face_api.h"

namespace enxerto {
namespace {

NetworkRun running(const Graph& graph, int threads) {
  const std::shared_ptr<Executor> network = compile(graph, {.threads = threads});
  return [network](const TensorMap& inputs) { return network->run(inputs); };
}

SearchedPicture searched(const Dataset& dataset, std::size_t position, const FaceFinder& finder) {
  const std::unique_ptr<Example> example = dataset.get(position);
  SearchedPicture found{.id = example->id(), .points = {}, .bad = {}};
  try {
    const std::vector<FoundFace> faces = finder.find(decode(fields_of(dataset, *example), found.id, {}));
    found.faces = faces.size();
    if (faces.empty()) return found;
    found.score = faces.front().score;
    found.points = faces.front().points;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    found.bad = error.what();
  }
  return found;
}

}  // namespace

std::vector<SearchedPicture> find_faces(const Dataset& dataset, const FaceSearch& search, Progress& progress) {
  const FaceNetworks networks =
      load_face_networks(search.networks, {.detector = search.detector, .least_score = search.least_score});
  const int threads = resolve_threads(search.threads);
  const FaceFinder finder(networks.settings, running(networks.detector, threads), running(networks.landmarks, threads));
  std::vector<SearchedPicture> all(dataset.size());
  progress.begin("find", all.size());
  parallel_for(threads, all.size(), [&](std::size_t position) {
    throw_if_cancelled(progress);
    all[position] = searched(dataset, position, finder);
    progress.advance(1);
  });
  progress.end();
  return all;
}

}  // namespace enxerto
