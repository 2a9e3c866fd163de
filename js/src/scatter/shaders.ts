/** One disc per point, anti-aliased by distance to the centre. Both use highp: the first layouts are 1e-4 wide. */

export const VERTEX = `#version 300 es
precision highp float;
precision highp int;
layout(location = 0) in vec2 previous;
layout(location = 1) in vec2 next;
layout(location = 2) in uint code;
uniform highp sampler2D palette;
uniform vec2 origin;
uniform mat2 turn;
uniform vec2 centre;
uniform vec2 scale;
uniform float t;
uniform float pointSize;
flat out vec3 color;

void main() {
  vec2 position = mix(previous, next, t);
  // Differences first, so that large coordinates cancel exactly.
  vec2 shown = turn * (position - origin);
  gl_Position = vec4((shown - centre) * scale, 0.0, 1.0);
  // A row without a place is NaN, and is drawn nowhere.
  if (isnan(position.x)) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = pointSize;
  color = texelFetch(palette, ivec2(int(code & 255u), int(code >> 8u)), 0).rgb;
}`;

export const FRAGMENT = `#version 300 es
precision highp float;
flat in vec3 color;
uniform vec3 background;
uniform float pointSize;
uniform float radius;
uniform float opacity;
uniform float outline;
uniform float outlineWidth;
uniform float fade;
out vec4 fragment;

void main() {
  float distance = length(gl_PointCoord - 0.5) * pointSize;
  float coverage = clamp(radius + 0.5 - distance, 0.0, 1.0);
  float rim = clamp(distance - (radius - outlineWidth) + 0.5, 0.0, 1.0) * outline;
  float alpha = coverage * opacity;
  fragment = vec4(mix(mix(color, background, fade), background, rim) * alpha, alpha);
}`;
