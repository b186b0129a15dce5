# Unity builds: several sources of a layer, or of a test program, are compiled as one, so that the headers which take most of
# a small file's time are read once for all of them; less than half the processor time for a build from nothing. Names in
# unnamed namespaces must then differ within a layer. The presets dev and tidy compile each source alone: less to compile
# after a change, and each source is seen to include what it uses.
option(ENXERTO_UNITY "Compile several sources of a layer as one" OFF)

# Where names repeat on purpose: tables, one a network or a publisher, and sets of vector code; tests with a story of their own.
set(ENXERTO_COMPILED_ALONE
  "/enxerto/(zoo/|pretrained/(names|published)_|heads/skinny_|engine/torch/(resized_rows|lstm_cells|depthwise_windows)_)"
  "/tests/weights/"
  "/tests/base/setting_test"
  "/tests/bundle/damage_test"
  "/tests/cli/(fine_tuning|main_job)_test"
  "/tests/engine/torch/weights_test"
  "/tests/features/faults_test"
  "/tests/graph/input_size_test"
  "/tests/media/(image/(image_preprocessor|netpbm)|preprocess|resize)_test"
  "/tests/metrics/target_metrics_test"
  "/tests/onnx/(hostile|upgrade)_test"
  "/tests/parity/(sources|zoo)_test"
  "/tests/pretrained/network_in_test"
  "/tests/report/(targets|unknown_metric)_test"
  "/tests/workflow/row_roles_test"
  "/tests/training/(batch_prefetch|checkpoint|resume)_test"
  "/tests/transfer/(phase_cut|presets|target_source|varying_rows)_test")

function(enxerto_unity target)
  if(NOT ENXERTO_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 10)
  get_target_property(sources ${target} SOURCES)
  foreach(alone IN LISTS ENXERTO_COMPILED_ALONE)
    set(matching ${sources})
    list(FILTER matching INCLUDE REGEX "${alone}")
    if(matching)
      set_source_files_properties(${matching} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
endfunction()
