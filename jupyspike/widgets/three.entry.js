// What three.bundle.js has of three.js; `make three` writes it.
export {
  AmbientLight, BufferAttribute, BufferGeometry, ColorManagement, DirectionalLight, LineBasicMaterial,
  LineSegments, LinearSRGBColorSpace, Mesh, MeshLambertMaterial, OrthographicCamera, Scene, WebGLRenderer,
} from "three";
export { OrbitControls } from "three/addons/controls/OrbitControls.js";
