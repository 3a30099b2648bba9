mod console;
mod content;
mod desk;
mod forge;
mod iam;
mod shapes;
mod sts;
mod trust;
