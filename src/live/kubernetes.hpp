#pragma once

#include <memory>
#include <string>

#include "live/control_plane.hpp"
#include "live/http.hpp"
#include "live/kubeconfig.hpp"

namespace trueup::live {

/// A cluster that ArgoCD runs in, as the operator names it.
struct KubernetesCluster {
  std::string name;             ///< of the control plane
  KubernetesAccess access;
  std::string only_namespace;   ///< objects of this one alone; empty: of all
  std::string context = {};     ///< of kubeconfig; empty: the one at hand
  std::string argocd_namespace = "argocd";  ///< where an Application without a namespace of its own is looked for
};

/// Reads ArgoCD's objects as custom resources (group argoproj.io/v1alpha1, kube-apiserver 1.34 as recorded), in pages of
/// 500. A list whose continue token has expired (410) is begun again, once, and so is never put together from two states.
///
/// RBAC refuses a list as a whole, so a list of all namespaces proves that what is missing from it is absent, if it holds
/// something at all: a wrong cluster has none either. One of a single namespace proves it for that namespace.
/// Repositories are Secrets, which are not read: their list is unknown, as not asked.
std::unique_ptr<ControlPlane> make_kubernetes_api(KubernetesCluster cluster, HttpClient& http);

}  // namespace trueup::live
